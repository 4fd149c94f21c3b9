using System.Text;
using KerasCompat.Containers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>A functional model of Keras 3 written down in a test, with weights that a formula gives.</summary>
internal static class SmallModel
{
    /// <summary>Inputs of one to five axes; the batch is open.</summary>
    public static readonly int[][] Shapes = [[0], [0, 4], [0, 4, 4], [0, 4, 4, 3], [0, 2, 4, 4, 3]];

    /// <summary>A model whose layers are called one after another.</summary>
    /// <param name="options">Bound classes and the like.</param>
    /// <param name="inputShape">The input's shape with the batch axis; 0 where it is open.</param>
    /// <param name="layers">The layers.</param>
    public static KerasModel Chain(LoadOptions options, int[] inputShape, params JObject[] layers)
    {
        var all = new JArray { Input("x", inputShape) };
        string before = "x";
        foreach (JObject layer in layers)
        {
            layer["inbound_nodes"] ??= new JArray(new JObject { ["args"] = new JArray(Reference(before)), ["kwargs"] = new JObject() });
            all.Add(layer);
            before = (string)layer["name"]!;
        }

        return Functional(options, all, ["x"], before);
    }

    /// <summary>A model of layers that name their inputs themselves.</summary>
    public static KerasModel Functional(LoadOptions options, JArray layers, string[] inputs, params string[] outputs)
    {
        var model = new JObject
        {
            ["module"] = "keras.src.models.functional",
            ["class_name"] = "Functional",
            ["config"] = new JObject
            {
                ["name"] = "model",
                ["layers"] = layers,
                ["input_layers"] = new JArray(inputs.Select(i => new JArray(i, 0, 0))),
                ["output_layers"] = new JArray(outputs.Select(Leaf)),
            },
            ["keras_version"] = "3.15.1",
        };
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(model.ToString()));
        KerasModel loaded = KerasModel.LoadArchitecture(KerasFileReader.Open(stream, "model.json"), options);
        loaded.FillWeights((i, w) => Numbers(w.Shape, 7 + i).Cast(w.DType));
        return loaded;
    }

    public static JObject Input(string name, int[] shape, string dtype = "float32") => Layer("InputLayer", name, new JObject
    {
        ["batch_shape"] = new JArray(shape.Select(d => d == 0 ? JValue.CreateNull() : new JValue((long)d))),
        ["dtype"] = dtype,
    }, new JArray());

    public static JObject Layer(string className, string name, JObject config, JArray? nodes = null, string? registeredName = null)
    {
        config["name"] = name;
        config["dtype"] ??= "float32";
        var layer = new JObject
        {
            ["module"] = registeredName is null ? "keras.layers" : null,
            ["class_name"] = className,
            ["config"] = config,
            ["registered_name"] = registeredName,
            ["name"] = name,
        };
        if (nodes is not null)
        {
            layer["inbound_nodes"] = nodes;
        }

        return layer;
    }

    public static JObject Operation(string className, string name, JObject config, JArray args, JObject? kwargs = null)
    {
        config["name"] = name;
        return new JObject
        {
            ["module"] = "keras.src.ops.numpy",
            ["class_name"] = className,
            ["config"] = config,
            ["registered_name"] = className,
            ["name"] = name,
            ["inbound_nodes"] = new JArray(new JObject { ["args"] = args, ["kwargs"] = kwargs ?? [] }),
        };
    }

    /// <summary>A tensor among arguments: <c>lstm</c>, or <c>lstm:1</c> for an output that is not the first.</summary>
    public static JObject Reference(string tensor) => new()
    {
        ["class_name"] = "__keras_tensor__",
        ["config"] = new JObject { ["shape"] = new JArray(), ["dtype"] = "float32", ["keras_history"] = Leaf(tensor) },
    };

    /// <summary>Numbers between −1 and 1 that look random and are the same each time.</summary>
    public static Tensor<float> Numbers(Shape shape, int seed)
    {
        var random = new Random(seed);
        return new Tensor<float>(Enumerable.Range(0, shape.ElementCount).Select(_ => (float)((random.NextDouble() * 2) - 1)).ToArray(), shape);
    }

    public static void AssertClose(Tensor expected, Tensor found, double tolerance = 1e-5)
    {
        Assert.Equal(expected.Shape, found.Shape);
        double[] a = expected.Cast(DType.Float64).As<double>().ToArray(), b = found.Cast(DType.Float64).As<double>().ToArray();
        for (int i = 0; i < a.Length; i++)
        {
            Assert.True(Math.Abs(a[i] - b[i]) <= tolerance, $"Element {i}: expected {a[i]}, found {b[i]}.");
        }
    }

    private static JArray Leaf(string tensor) => tensor.Split(':') is [var layer, var output]
        ? new JArray(layer, 0, int.Parse(output, System.Globalization.CultureInfo.InvariantCulture))
        : new JArray(tensor, 0, 0);
}
