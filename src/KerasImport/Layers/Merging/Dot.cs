using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>
/// The product of two inputs summed over an axis of each, example by example: the result has the other axes of the first, then
/// those of the second; two vectors give <c>(batch, 1)</c>.
/// </summary>
/// <remarks>
/// Config: <c>axes</c> (an integer for both, or a pair), <c>normalize</c> (false): vectors along the axes made of length 1 before.
/// Weights: none. The mask is dropped.
/// </remarks>
internal sealed class Dot : Layer
{
    private readonly int[] _axes;
    private readonly bool _normalize;

    public Dot(LayerConfig config)
        : base(config)
    {
        _axes = Axes(config);
        _normalize = config.Bool("normalize", false);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        if (call.Inputs is not [var first, var second])
        {
            throw call.Fail($"{call.Inputs.Count} inputs", "exactly 2");
        }

        (Value a, Value b) = (first.Value, second.Value);
        int axisA = Axis(_axes[0], a.Rank), axisB = Axis(_axes[1], b.Rank);
        if (_normalize)
        {
            a = UnitNormalization.UnitLength(g, a, axisA);
            b = UnitNormalization.UnitLength(g, b, axisB);
        }

        return new KerasTensor(BatchDot(g, a, b, axisA, axisB));
    }

    /// <summary>The axis of each input that is summed over, as the key <c>axes</c> gives it: one for both, or a pair.</summary>
    internal static int[] Axes(LayerConfig config) => config.Token("axes") switch
    {
        JValue { Value: long axis } => [(int)axis, (int)axis],
        JArray { Count: 2 } pair when pair.All(a => a.Type == JTokenType.Integer) => [(int)pair[0], (int)pair[1]],
        var other => throw config.Wrong("axes", other ?? JValue.CreateNull(), "an axis or a pair of axes"),
    };

    /// <summary>Keras's <c>batch_dot</c>: axis 0 is kept, one axis of each is summed over.</summary>
    internal static Value BatchDot(GraphBuilder g, Value a, Value b, int axisA, int axisB)
    {
        const string Letters = "cdefghijklmn";
        string lettersA = "b" + Letters[..(a.Rank - 1)], lettersB = "b" + Letters[(a.Rank - 1)..(a.Rank + b.Rank - 2)];
        string left = lettersA.Remove(axisA, 1).Insert(axisA, "z"), right = lettersB.Remove(axisB, 1).Insert(axisB, "z");
        string result = lettersA.Remove(axisA, 1) + lettersB.Remove(axisB, 1)[1..];
        Value y = g.Einsum($"{left},{right}->{result}", a, b);
        return y.Rank == 1 ? g.ExpandDims(y, 1) : y;
    }

    private int Axis(int axis, int rank) => (axis < 0 ? axis + rank : axis) is > 0 and var counted && counted < rank
        ? counted
        : throw Config.Wrong("axes", axis, $"an axis of an input of rank {rank}, not the batch axis");
}
