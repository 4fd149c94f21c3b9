using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers.Tests;

/// <summary>What layers refuse, and what they say.</summary>
public class RefusalTests
{
    // compile("lambda x: x * 2", …).__code__ begins so: the type, the head's integers, then the bytecode as a string object.
    private static readonly byte[] Python311 = [0xE3, .. Ints(1, 0, 0, 2, 3), (byte)'s', .. Ints(4), 1, 2, 3, 4, .. new byte[32]];
    private static readonly byte[] Python38 = [0xE3, .. Ints(1, 0, 0, 1, 2, 67), (byte)'s', .. Ints(4), 1, 2, 3, 4, .. new byte[32]];

    [Fact]
    public void A_Lambda_is_described_and_never_run()
    {
        var error = Assert.Throws<UnsupportedModelException>(() => LayerRun.Make("Lambda", Lambda(Python311)));
        Assert.Contains("\"lambda\"", error.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
        Assert.Contains("3.11", error.Message, StringComparison.Ordinal);
        Assert.Contains("LoadOptions.Lambdas", error.Message, StringComparison.Ordinal);
        Assert.Contains("Python 3.8 to 3.10", Assert.Throws<UnsupportedModelException>(() => LayerRun.Make("Lambda", Lambda(Python38))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bound_Lambda_computes_what_the_caller_says()
    {
        var options = new LoadOptions { Lambdas = { ["lambda"] = (g, x) => g.Mul(x, 2) } };
        LayerRun.Close([2, 4], LayerRun.Of(LayerRun.Make("Lambda", Lambda(Python311), options), LayerRun.Floats([1, 2], 1, 2)));
    }

    [Fact]
    public void A_Lambda_of_a_Keras_activation_needs_no_binding() => LayerRun.Close(
        [0, 2],
        LayerRun.Of(LayerRun.Make("Lambda", """{"function": {"class_name": "function", "config": "relu"}}"""), LayerRun.Floats([-1, 2], 1, 2)));

    /// <summary>A rate in quotes, as Keras 1 on Python 2 took it, changes nothing at inference; a rate that is neither number nor text is nonsense.</summary>
    [Fact]
    public void A_rate_of_dropout_may_be_text()
    {
        var g = new GraphBuilder();
        var x = new KerasTensor(g.Input("x", DType.Float32, new SymbolicShape(2, 3)));
        Assert.Same(x.Value, LayerRun.Make("Dropout", """{"rate": "0.5"}""").Invoke(g, x).Value);
        var call = new CallArguments([x], new Dictionary<string, Structure> { ["training"] = new Structure.Constant(true) });
        Assert.Throws<UnsupportedModelException>(() => LayerRun.Make("Dropout", """{"rate": "0"}""").Invoke(g, call));
        Assert.Throws<ModelFormatException>(() => LayerRun.Make("Dropout", """{"rate": [0.5]}"""));
    }

    [Fact]
    public void Dropout_asked_to_draw_numbers_is_refused()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Dim.Symbol("batch"), 2));
        var call = new CallArguments([new KerasTensor(x)], new Dictionary<string, Structure> { ["training"] = new Structure.Constant(new JValue(true)) });
        var error = Assert.Throws<UnsupportedModelException>(() => LayerRun.Make("Dropout", """{"rate": 0.5}""").Invoke(g, call));
        Assert.Contains("Dropout called with training=True", error.Message, StringComparison.Ordinal);
        Assert.Same(x, LayerRun.Make("Dropout", """{"rate": 0}""").Invoke(g, call).Tensors().Single().Value);
    }

    [Fact]
    public void A_model_of_code_is_named_once()
    {
        var error = Assert.Throws<UnsupportedModelException>(() => KerasModel.Load(Fixtures.Path("refuse", "subclassed_model.keras")));
        Assert.Contains("a model of code", Assert.Single(error.Problems).Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_problem_of_a_model_is_named_not_only_the_first()
    {
        var factory = new LayerFactory(new LoadOptions());
        var model = JObject.Parse("""
            {"kind": "model", "class_name": "Sequential", "name": "m", "config": {"layers": [
                {"kind": "layer", "class_name": "Fancy", "name": "a", "config": {}},
                {"kind": "layer", "class_name": "Dense", "name": "b", "config": {"units": 1, "activation": "swoosh"}},
                {"kind": "layer", "class_name": "Flatten", "name": "c", "config": {"flavour": 1}}]}}
            """);
        factory.TryCreate(model, string.Empty);
        Assert.Equal(3, factory.Problems.Count);
    }

    [Theory]
    [InlineData("784.5")]
    [InlineData("\"784\"")]
    [InlineData("-784")]
    [InlineData("4294967296")]
    public void A_size_that_is_none_is_named_not_taken_for_an_open_one(string size)
    {
        var error = Assert.ThrowsAny<KerasCompatException>(() => LayerRun.Make("InputLayer", $$"""{"batch_shape": [null, {{size}}]}"""));
        Assert.Contains(size.Trim('"'), error.Message, StringComparison.Ordinal);
    }

    private static string Lambda(byte[] code) =>
        $$"""{"function": {"class_name": "__lambda__", "config": {"code": "{{System.Convert.ToBase64String(code)}}", "defaults": null} } }""";

    private static byte[] Ints(params int[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
