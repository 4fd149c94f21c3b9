using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>What a caller may tell a load: bindings, names, strictness.</summary>
public class LoadOptionsTests
{
    private static readonly Tensor X = Tensor.From([1f, -2, 3, -4], 2, 2);

    [Theory]
    [InlineData("MyDense", null, "MyDense")]
    [InlineData("MyDense", "Shop>MyDense", "Shop>MyDense")]
    [InlineData("MyDense", "Shop>MyDense", "MyDense")]
    public void A_class_is_taken_by_another_name(string className, string? registeredName, string bound)
    {
        var options = new LoadOptions { RenamedClasses = { [bound] = "Dense" } };
        using KerasModel model = SmallModel.Chain(options, [0, 2], SmallModel.Layer(className, "y", new JObject { ["units"] = 2, ["use_bias"] = false }, null, registeredName));
        Assert.Equal("Dense", model.Layers["y"].ClassName);
        float[] kernel = model.GetWeights()[0].As<float>().ToArray();
        Assert.Equal(kernel[0] - (2 * kernel[2]), model.Predict(X).As<float>()[0, 0], 1e-6f);
    }

    [Fact]
    public void A_renamed_class_may_be_one_of_the_callers()
    {
        var options = new LoadOptions { RenamedClasses = { ["Old>Twice"] = "New>Twice" }, CustomLayers = { ["New>Twice"] = config => new Twice(config) } };
        using KerasModel model = SmallModel.Chain(options, [0, 2], SmallModel.Layer("Twice", "y", [], null, "Old>Twice"));
        Assert.Equal([2, -4, 6, -8], model.Predict(X).As<float>().ToArray());
    }

    [Fact]
    public void A_refused_class_says_how_to_bind_and_to_rename_it()
    {
        var e = Assert.Throws<UnsupportedModelException>(() => SmallModel.Chain(new LoadOptions(), [0, 2], SmallModel.Layer("Twice", "y", [], null, "Old>Twice")));
        Assert.Contains("LoadOptions.CustomLayers[\"Old>Twice\"]", e.Message, StringComparison.Ordinal);
        Assert.Contains("LoadOptions.RenamedClasses[\"Old>Twice\"]", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Shop>twice", "Shop>twice")]
    [InlineData("Shop>twice", "twice")]
    [InlineData("twice", "twice")]
    public void A_Lambda_that_calls_a_named_function_takes_the_function_bound_by_that_name(string saved, string bound)
    {
        var options = new LoadOptions { Functions = { [bound] = (g, x) => g.Mul(x, 2) } };
        using KerasModel model = SmallModel.Chain(options, [0, 2], SmallModel.Layer("Lambda", "y", Function(saved)));
        Assert.Equal([2, -4, 6, -8], model.Predict(X).As<float>().ToArray());
    }

    [Fact]
    public void A_function_of_the_authors_is_not_taken_for_an_activation_of_its_name()
    {
        var e = Assert.Throws<UnsupportedModelException>(() => SmallModel.Chain(new LoadOptions(), [0, 2], SmallModel.Layer("Lambda", "y", Function("Shop>relu"))));
        Assert.Contains("Shop>relu", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_Lambda_of_several_inputs_takes_a_function_of_several()
    {
        JArray layers = Pair();
        var options = new LoadOptions { MultiInputLambdas = { ["y"] = (g, x) => [g.Sub(x[0], x[1])] } };
        using KerasModel model = SmallModel.Functional(options, layers, ["a", "b"], "y");
        Assert.Equal([3, -6, 9, -12], model.Predict(X, Tensor.From([-2f, 4, -6, 8], 2, 2))[0].As<float>().ToArray());
    }

    [Fact]
    public void A_function_of_one_input_is_not_given_the_first_of_several()
    {
        var options = new LoadOptions { Lambdas = { ["y"] = (g, x) => g.Neg(x) } };
        var e = Assert.Throws<UnsupportedModelException>(() => SmallModel.Functional(options, Pair(), ["a", "b"], "y"));
        Assert.Contains("LoadOptions.MultiInputLambdas[\"y\"]", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Lenient_reports_each_key_and_argument_it_ignores()
    {
        JObject dense = SmallModel.Layer("Dense", "y", new JObject { ["units"] = 1, ["feathers"] = 3, ["colour"] = "red" });
        dense["inbound_nodes"] = new JArray(new JObject { ["args"] = new JArray(SmallModel.Reference("x")), ["kwargs"] = new JObject { ["hurry"] = 1 } });
        Assert.Equal(2, Assert.Throws<UnsupportedModelException>(() => SmallModel.Chain(new LoadOptions(), [0, 2], (JObject)dense.DeepClone())).Problems.Count(p => p.Found is "3" or "\"red\""));

        var options = new LoadOptions { Mode = LoadMode.Lenient };
        using KerasModel model = SmallModel.Chain(options, [0, 2], dense);
        Assert.Equal(
            ["layers[1] \"y\" (Dense).feathers", "layers[1] \"y\" (Dense).colour", "layers[1] \"y\" (Dense)(…)"],
            options.Ignored.Select(p => p.Place));
    }

    [Fact]
    public void Lenient_does_not_ignore_what_is_known_and_cannot_be_honoured()
    {
        var options = new LoadOptions { Mode = LoadMode.Lenient };
        JObject layer = SmallModel.Layer("Dense", "y", new JObject { ["units"] = 1, ["dtype"] = "float3" });
        var e = Assert.Throws<UnsupportedModelException>(() => SmallModel.Chain(options, [0, 2], layer));
        Assert.Contains("float3", e.Message, StringComparison.Ordinal);
        Assert.Empty(options.Ignored);
    }

    [Fact]
    public void All_that_stands_in_the_way_is_named_with_its_version_and_a_next_step()
    {
        JObject[] layers =
        [
            SmallModel.Layer("TFSMLayer", "a", []),
            Behind("a", SmallModel.Layer("Dropout", "b", new JObject { ["rate"] = 0.5 }), new JObject { ["training"] = true }),
            Behind("b", SmallModel.Layer("Dense", "c", new JObject { ["units"] = 2, ["feathers"] = 1 }), new JObject { ["hurry"] = 1 }),
            SmallModel.Operation("Map", "d", [], new JArray(SmallModel.Reference("c"))),
        ];
        IReadOnlyList<Problem> problems = Assert.Throws<UnsupportedModelException>(() => SmallModel.Chain(new LoadOptions(), [0, 2], layers)).Problems;
        Assert.Equal(
            [
                ("layers[1] \"a\" (TFSMLayer)", "3.0"),
                ("layers[3] \"c\" (Dense).feathers", null),
                ("layers[4] \"d\" (Map)", "3.4"),
                ("layers[2] \"b\" (Dropout)(…).training", null),
                ("layers[3] \"c\" (Dense)(…)", null),
            ],
            problems.Select(p => (p.Place, p.Since)));
        Assert.All(problems, p => Assert.False(string.IsNullOrEmpty(p.Remedy), p.ToString()));

        static JObject Behind(string before, JObject layer, JObject kwargs)
        {
            layer["build_config"] = new JObject { ["input_shape"] = new JArray(JValue.CreateNull(), 2) };
            layer["inbound_nodes"] = new JArray(new JObject { ["args"] = new JArray(SmallModel.Reference(before)), ["kwargs"] = kwargs });
            return layer;
        }
    }

    private static JObject Function(string name) => new()
    {
        ["function"] = new JObject { ["module"] = "builtins", ["class_name"] = "function", ["config"] = name, ["registered_name"] = "function" },
        ["arguments"] = new JObject(),
    };

    private static JArray Pair() =>
    [
        SmallModel.Input("a", [0, 2]),
        SmallModel.Input("b", [0, 2]),
        SmallModel.Layer("Lambda", "y", new JObject { ["function"] = "anything" }, [
            new JObject { ["args"] = new JArray { new JArray(SmallModel.Reference("a"), SmallModel.Reference("b")) }, ["kwargs"] = new JObject() }]),
    ];

    private sealed class Twice(LayerConfig config) : Layer(config)
    {
        protected internal override MaskRule MaskRule => MaskRule.Passes;

        protected override Structure Call(LayerCall call) => new KerasTensor(call.Graph.Mul(call.Input.Value, 2));
    }
}
