using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The activation functions of <c>keras.ops.nn</c>, and those that <c>keras.activations</c> has as operations.</summary>
internal static class NnActivations
{
    public static OperationSet Table { get; } = new()
    {
        ["Celu"] = Floating((c, x) => c.Graph.Celu(x, c.Number("alpha", 1))),
        ["Elu"] = Floating((c, x) => c.Graph.Elu(x, c.Number("alpha", 1))),
        ["Gelu"] = Floating((c, x) => c.Graph.Gelu(x, c.Flag("approximate", true))),
        ["Glu"] = Floating(Glu),
        ["HardShrink"] = Floating((c, x) => c.Graph.HardShrink(x, c.Number("threshold", 0.5))),
        ["HardSigmoid"] = Floating((g, x) => g.HardSigmoid(x)),
        ["HardSilu"] = Floating((g, x) => g.HardSwish(x)),
        ["HardTanh"] = Floating((g, x) => g.HardTanh(x)),
        ["LeakyRelu"] = Floating((c, x) => c.Graph.LeakyRelu(x, c.Number("negative_slope", 0.2))),
        ["LogSigmoid"] = Floating((g, x) => g.LogSigmoid(x)),
        ["LogSoftmax"] = Floating((c, x) => Along(c, x, (v, axis) => c.Graph.LogSoftmax(v, axis))),
        ["Mish"] = Floating((g, x) => g.Mish(x)),
        ["ReLU"] = With((c, x) => c.Graph.Relu(x, c.Number("negative_slope", 0), c.NumberOrNull("max_value") ?? double.PositiveInfinity, c.Number("threshold", 0))),
        ["Relu"] = Numeric((g, x) => g.Relu(x)),
        ["Relu6"] = Numeric((g, x) => g.Relu6(x)),
        ["Selu"] = Floating((g, x) => g.Selu(x)),
        ["Sigmoid"] = Floating((g, x) => g.Sigmoid(x)),
        ["Silu"] = Floating((g, x) => g.Swish(x)),
        ["SoftShrink"] = Floating((c, x) => c.Graph.SoftShrink(x, c.Number("threshold", 0.5))),
        ["Softmax"] = Floating((c, x) => Along(c, x, (v, axis) => c.Graph.Softmax(v, axis))),
        ["Softplus"] = Floating((g, x) => g.Softplus(x)),
        ["Softsign"] = Floating((g, x) => g.Softsign(x)),
        ["SparsePlus"] = Floating((g, x) => g.SparsePlus(x)),
        ["SparseSigmoid"] = Floating((g, x) => g.SparseSigmoid(x)),
        ["Sparsemax"] = Floating((c, x) => ActivationFunction.Sparsemax(c.Graph, x, c.Axis(x, -1))),
        ["Squareplus"] = Floating((c, x) => c.Graph.Squareplus(x, c.Number("b", 4))),
        ["TanhShrink"] = Floating((g, x) => g.TanhShrink(x)),
        ["Threshold"] = Floating((c, x) => c.Graph.Threshold(x, c.NumberOrNull("threshold") ?? c.Number("threshold_value", 0), c.NumberOrNull("default_value") ?? c.Number("value", 0))),
    };

    /// <summary>Along an axis, or over all elements where it is None.</summary>
    private static Value Along(OperationCall c, Value x, Func<Value, int, Value> function) => c.IsNone("axis")
        ? c.Graph.Reshape(function(c.Graph.Reshape(x, x.Shape.ElementCount), 0), x.Shape)
        : function(x, c.Int("axis", -1));

    private static Value Glu(OperationCall c, Value x)
    {
        IReadOnlyList<Value> halves = c.Graph.Split(x, c.Axis(x, -1), 2);
        return c.Graph.Mul(halves[0], c.Graph.Sigmoid(halves[1]));
    }
}
