using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>Weights of another architecture: what does not fit is refused by its place, and what Keras pairs by name is paired.</summary>
public class ForeignWeightsTests
{
    [Fact]
    public void A_layer_too_few_is_told_by_name()
    {
        string message = Refusal(ByLayer(("first", [Kernel(2, 3), Bias(3)])));
        Assert.Contains("weights for 1 layers (first)", message, StringComparison.Ordinal);
        Assert.Contains("without counterpart: second", message, StringComparison.Ordinal);
    }

    /// <summary>A layer more than the model has: the others are found by their names, in whatever order.</summary>
    [Fact]
    public void A_layer_too_many_is_left_out()
    {
        using KerasModel model = Load(ByLayer(("other", [Bias(7)]), ("second", [Kernel(3, 4, 5), Bias(4)]), ("first", [Kernel(2, 3, 6), Bias(3)])));
        Assert.Equal([6f, 5f], model.Weights.Where(w => w.Name == "kernel").Select(w => w.Value.As<float>().Span[0]));
    }

    [Fact]
    public void An_array_too_few_is_told_by_layer()
    {
        string message = Refusal(ByLayer(("first", [Kernel(2, 3)]), ("second", [Kernel(3, 4), Bias(4)])), "file:/first");
        Assert.Contains("1 arrays (kernel)", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_shape_is_told_with_both(bool byLayer)
    {
        StoredWeights weights = byLayer
            ? ByLayer(("first", [Kernel(2, 5), Bias(3)]), ("second", [Kernel(3, 4), Bias(4)]))
            : ByPath(("layers/dense", [Kernel(2, 5), Bias(3)]), ("layers/dense_1", [Kernel(3, 4), Bias(4)]));
        string message = Refusal(weights);
        Assert.Contains("(2, 5)", message, StringComparison.Ordinal);
        Assert.Contains("(2, 3)", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_that_is_missing_or_short_is_told_by_path()
    {
        Assert.Contains("no arrays", Refusal(ByPath(("layers/dense", [Kernel(2, 3), Bias(3)])), "file:/layers/dense_1/vars"), StringComparison.Ordinal);
        Assert.Contains("1 arrays", Refusal(ByPath(("layers/dense", [Kernel(2, 3), Bias(3)]), ("layers/dense_1", [Kernel(3, 4)])), "file:/layers/dense_1/vars"), StringComparison.Ordinal);
    }

    /// <summary>Keras 2.12 and 2.13 count each layer with weights twice; any numbering that fits is taken.</summary>
    [Theory]
    [InlineData("layers/dense", "layers/dense_1")]
    [InlineData("layers/dense", "layers/dense_2")]
    [InlineData("_layer_checkpoint_dependencies/dense", "_layer_checkpoint_dependencies/dense_1")]
    public void Groups_are_numbered_in_several_ways(string first, string second)
    {
        using KerasModel model = Load(ByPath((first, [Kernel(2, 3, 6), Bias(3)]), (second, [Kernel(3, 4, 5), Bias(4)])));
        Assert.Equal([6f, 5f], model.Weights.Where(w => w.Name == "kernel").Select(w => w.Value.As<float>().Span[0]));
    }

    /// <summary>
    /// Where the config gives a layer its weights, a numbering that misses its group would go unnoticed: a numbering that leaves stored groups
    /// out comes after one that knows them all.
    /// </summary>
    [Fact]
    public void A_numbering_that_knows_every_stored_group_goes_first()
    {
        string[] names = ["a", "b", "c", "d"];
        string layers = string.Join(',', names.Select(name => $$$"""
            {"class_name": "IntegerLookup", "name": "{{{name}}}", "inbound_nodes": [[["x", 0, 0, {}]]], "config": {"name": "{{{name}}}", "num_oov_indices": 1,
              "oov_token": -1, "mask_token": null, "vocabulary": [5], {{{(name == "a" ? "\"output_mode\": \"int\"" : "\"output_mode\": \"tf_idf\", \"idf_weights\": [0.5]")}}} } }
            """));
        var config = JObject.Parse($$$"""
            {"class_name": "Functional", "keras_version": "2.13.1", "config": {"name": "net", "layers": [
              {"class_name": "InputLayer", "name": "x", "inbound_nodes": [], "config": {"name": "x", "batch_input_shape": [null, 1], "dtype": "int64"} }, {{{layers}}}],
              "input_layers": [["x", 0, 0]], "output_layers": [{{{string.Join(',', names.Select(name => $"[\"{name}\", 0, 0]"))}}}]} }
            """);
        PathWeights weights = ByPath([.. new[] { 1, 3, 5 }.Select(n => ($"_layer_checkpoint_dependencies/integer_lookup_{n}", (StoredArray[])[Array("idf_weights", n, 2)]))]);
        using KerasModel model = KerasModel.Load(new KerasFile { Name = "file", Kind = ContainerKind.KerasArchive, Config = config, KerasVersion = "2.13.1", Weights = weights });
        Tensor[] unknown = model.Predict([Tensor.From([9L], 1, 1)]);
        Assert.Equal([1f, 3f, 5f], unknown[1..].Select(t => t.As<float>().Span[0]));
    }

    [Fact]
    public void Set_weights_that_do_not_fit_change_nothing()
    {
        using KerasModel model = Load(ByLayer(("first", [Kernel(2, 3, 6), Bias(3)]), ("second", [Kernel(3, 4), Bias(4)])));
        Assert.Throws<ArgumentException>(() => model.SetWeights([.. model.GetWeights()[..3]]));
        Assert.Throws<ArgumentException>(() => model.SetWeights("first", [Tensor.Zeros(DType.Float32, new Shape(2, 3)), Tensor.Zeros(DType.Float32, new Shape(4))]));
        Assert.Throws<KeyNotFoundException>(() => model.SetWeights("third", []));
        Assert.Equal(6f, model.GetWeights()[0].As<float>().Span[0]);
    }

    private static string Refusal(StoredWeights weights, string place = "")
    {
        ModelFormatException e = Assert.Throws<ModelFormatException>(() => Load(weights).Dispose());
        Assert.StartsWith(place, e.Problem.Place, StringComparison.Ordinal);
        return e.Message;
    }

    /// <summary>Dense layers 2 → 3 → 4 with the given weights.</summary>
    private static KerasModel Load(StoredWeights weights)
    {
        var config = JObject.Parse("""
            {"class_name": "Sequential", "keras_version": "3.15.1", "config": {"name": "net", "layers": [
              {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [null, 2], "dtype": "float32"}},
              {"class_name": "Dense", "config": {"name": "first", "units": 3, "activation": "linear", "use_bias": true}},
              {"class_name": "Dense", "config": {"name": "second", "units": 4, "activation": "linear", "use_bias": true}}]}}
            """);
        return KerasModel.Load(new KerasFile { Name = "file", Kind = ContainerKind.WholeModelHdf5, Config = config, KerasVersion = "3.15.1", Weights = weights });
    }

    private static LayerWeights ByLayer(params (string Name, StoredArray[] Arrays)[] layers) => new() { Layers = [.. layers.Select(l => new StoredLayer(l.Name, l.Arrays))] };

    private static PathWeights ByPath(params (string Path, StoredArray[] Arrays)[] groups) => new()
    {
        Groups = groups.ToDictionary(g => g.Path, g => new StoredVariables(null, g.Arrays.Index().ToDictionary(a => $"{a.Index}", a => a.Item))),
    };

    private static StoredArray Kernel(int rows, int columns, float first = 0) => Array("kernel", first, rows, columns);

    private static StoredArray Bias(int size) => Array("bias", 0, size);

    private static StoredArray Array(string name, float first, params int[] shape) => new($"/{name}", name, DType.Float32, new Shape(shape), () =>
    {
        var values = new float[new Shape(shape).ElementCount];
        values[0] = first;
        return new Tensor<float>(values, new Shape(shape));
    });
}
