using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers.Tests;

/// <summary>Makes a layer of a canonical config, calls it on tensors, and computes.</summary>
internal static class LayerRun
{
    /// <summary>A layer of a class and a config.</summary>
    /// <exception cref="UnsupportedModelException">The config has what the layer cannot honour.</exception>
    public static Layer Make(string className, string config = "{}", LoadOptions? options = null)
    {
        var factory = new LayerFactory(options ?? new LoadOptions());
        var json = new JObject { ["kind"] = "layer", ["class_name"] = className, ["name"] = className.ToLowerInvariant(), ["config"] = JObject.Parse(config) };
        Layer layer = factory.Create(json, "layers[0]");
        return factory.Problems.Count == 0 ? layer : throw new UnsupportedModelException([.. factory.Problems]);
    }

    /// <summary>The result of a call on one tensor.</summary>
    public static Tensor Of(Layer layer, Tensor input, params Tensor[] weights) => Masked(layer, [(input, null)], weights).Output;

    /// <summary>The result of a call on tensors with masks, and its mask.</summary>
    public static (Tensor Output, Tensor? Mask) Masked(Layer layer, (Tensor Value, Tensor? Mask)[] inputs, params Tensor[] weights)
    {
        var g = new GraphBuilder();
        var declared = new List<Value>();
        KerasTensor[] arguments = [.. inputs.Select((input, i) => new KerasTensor(Declare(input.Value, $"x{i}"), input.Mask is null ? null : Declare(input.Mask, $"mask{i}")))];
        Structure argument = arguments is [var single] ? single : Structure.Of(arguments);
        KerasTensor result = layer.Invoke(g, CallArguments.Of(argument)).Tensors().Single();
        foreach ((Weight weight, Tensor value) in layer.Weights.Zip(weights))
        {
            weight.Value = value.Cast(weight.DType).Reshape(weight.Shape);
        }

        var executable = new CpuExecutable(g.Build(declared, result.Mask is null ? [result.Value] : [result.Value, result.Mask]));
        Tensor[] outputs = executable.Run([.. inputs.SelectMany(i => i.Mask is null ? [i.Value] : new[] { i.Value, i.Mask })]);
        return (outputs[0], outputs.Length > 1 ? outputs[1] : null);

        Value Declare(Tensor tensor, string name)
        {
            // The batch is open, as in a model.
            Value value = g.Input(name, tensor.DType, new SymbolicShape(tensor.Shape.Select((d, axis) => axis == 0 ? Dim.Symbol("batch") : (Dim)d)));
            declared.Add(value);
            return value;
        }
    }

    /// <summary>The ragged result of a call on one dense tensor.</summary>
    public static RaggedTensor Ragged(Layer layer, Tensor input)
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", input.DType, new SymbolicShape([Dim.Symbol("batch"), .. input.Shape.Skip(1).Select(d => (Dim)d)]));
        KerasTensor result = layer.Invoke(g, new KerasTensor(x));
        Tensor[] outputs = new CpuExecutable(g.Build([x], [result.Value, result.Lengths!])).Run([input]);
        return new RaggedTensor(outputs[0], outputs[1]);
    }

    /// <summary>The elements as numbers.</summary>
    public static double[] Numbers(Tensor tensor) => tensor.Cast(DType.Float64).As<double>().ToArray();

    /// <summary>A float tensor.</summary>
    public static Tensor Floats(float[] values, params ReadOnlySpan<int> dims) => Tensor.From(values, dims);

    /// <summary>Asserts that numbers agree to float32's precision.</summary>
    public static void Close(ReadOnlySpan<double> expected, Tensor actual, double tolerance = 1e-6)
    {
        double[] got = Numbers(actual);
        Assert.Equal(expected.Length, got.Length);
        for (int i = 0; i < got.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - got[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])) || expected[i].Equals(got[i]), $"[{i}]: {got[i]}, expected {expected[i]}");
        }
    }
}
