using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>The type of a model's input: its own, or in files of Keras 3.0 to 3.4 that of the last layer called on it.</summary>
/// <remarks>What each version does was seen in runs of Keras 3.4.1 and 3.15.1 on torch over models like these.</remarks>
public class InputTypeTests
{
    private const float Tenth = 0.1f;

    private static readonly float Rounded = (float)(Half)Tenth;

    [Theory]
    [InlineData("3.0.0", DType.Float32)]
    [InlineData("3.4.1", DType.Float32)]
    [InlineData("3.5.0", DType.Float16)]
    [InlineData("3.15.1", DType.Float16)]
    public void A_narrow_input_of_a_wider_layer(string version, DType type)
    {
        using KerasModel model = Load(version, "float16", SmallModel.Layer("Activation", "a", Linear("float32"), Calls("x")));
        Assert.Equal(type, model.Inputs[0].Type.DType);
        Assert.Equal(type == DType.Float16 ? Rounded : Tenth, Outputs(model)[0]);
    }

    /// <summary>The last layer called decides, also for those called before.</summary>
    [Theory]
    [InlineData("float32", "float16", DType.Float16)]
    [InlineData("float16", "float32", DType.Float32)]
    public void Of_several_layers_the_last_one_counts(string first, string second, DType type)
    {
        using KerasModel model = Load(
            "3.4.1", "float32", SmallModel.Layer("Activation", "a", Linear(first), Calls("x")), SmallModel.Layer("Activation", "b", Linear(second), Calls("x")));
        Assert.Equal(type, model.Inputs[0].Type.DType);
        Assert.Equal(first == "float32" ? [Rounded, Rounded] : [Rounded, Tenth], Outputs(model));
    }

    /// <summary>A layer waits for its first call before its second is made, which then comes after those of the layers behind it in the file.</summary>
    [Fact]
    public void The_order_is_that_of_the_calls()
    {
        using KerasModel model = Load(
            "3.4.1",
            "float32",
            SmallModel.Layer("Activation", "a", Linear("float16"), Calls("b", "x")),
            SmallModel.Layer("Activation", "b", Linear("float32"), Calls("x")));
        Assert.Equal(DType.Float16, model.Inputs[0].Type.DType);
    }

    [Fact]
    public void An_operation_leaves_the_type_as_it_is()
    {
        var leaf = new JArray(SmallModel.Reference("x"));
        using KerasModel model = Load("3.4.1", "float16", SmallModel.Operation("Negative", "a", [], leaf));
        Assert.Equal(DType.Float16, model.Inputs[0].Type.DType);
        Assert.Equal(-Rounded, Outputs(model)[0]);
    }

    [Fact]
    public void Indices_stay_indices()
    {
        using KerasModel model = Load("3.4.1", "int32", SmallModel.Layer("Activation", "a", Linear("float32"), Calls("x")));
        Assert.Equal(DType.Int32, model.Inputs[0].Type.DType);
    }

    private static float[] Outputs(KerasModel model) => [.. model.Predict([Tensor.From([Tenth], 1, 1)]).Select(y => ((Tensor<float>)y.Cast(DType.Float32)).Span[0])];

    private static JObject Linear(string dtype) => new() { ["activation"] = "linear", ["dtype"] = dtype };

    private static JArray Calls(params string[] tensors) =>
        new(tensors.Select(t => new JObject { ["args"] = new JArray(SmallModel.Reference(t)), ["kwargs"] = new JObject() }));

    private static KerasModel Load(string version, string dtype, params JObject[] layers)
    {
        var model = new JObject
        {
            ["module"] = "keras.src.models.functional",
            ["class_name"] = "Functional",
            ["config"] = new JObject
            {
                ["name"] = "model",
                ["layers"] = new JArray(layers.Prepend(SmallModel.Input("x", [0, 1], dtype))),
                ["input_layers"] = new JArray(new JArray("x", 0, 0)),
                ["output_layers"] = new JArray(layers.Select(l => new JArray((string)l["name"]!, 0, 0))),
            },
            ["keras_version"] = version,
        };
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(model.ToString()));
        return KerasModel.LoadArchitecture(KerasFileReader.Open(stream, "model.json"));
    }
}
