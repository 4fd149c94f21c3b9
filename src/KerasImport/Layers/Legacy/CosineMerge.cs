using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// Keras 1's <c>Merge</c> of mode <c>cos</c>: <c>dot(a, b) / max(√max(dot(a, a) ⊙ dot(b, b), 0), 1e-7)</c> with <see cref="Dot"/>'s
/// product, and an axis 1 of size 1 inserted.
/// </summary>
/// <remarks>
/// Of vectors it gives <c>(batch, 1, 1)</c>; of sequences a number for each pair of steps, whose denominator is not the product of two
/// lengths. Config: <c>mode</c>, <c>axes</c>. Weights: none. The mask is dropped. The other modes of Merge are layers of Keras 2.
/// </remarks>
internal sealed class CosineMerge : Layer
{
    private const double Epsilon = 1e-7;

    private readonly int[] _axes;

    public CosineMerge(LayerConfig config)
        : base(config)
    {
        config.OneOf("mode", "cos", "cos");
        _axes = Dot.Axes(config);
        config.Ignore("mask_rule");
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
        Value squares = g.Mul(Product(a, a), Product(b, b));
        Value lengths = g.Maximum(g.Sqrt(g.Relu(squares)), Epsilon);
        return new KerasTensor(g.ExpandDims(g.Div(Product(a, b), lengths), 1));

        Value Product(Value x, Value y) => Dot.BatchDot(g, x, y, Axis(_axes[0], x.Rank), Axis(_axes[1], y.Rank));

        static int Axis(int axis, int rank) => axis < 0 ? axis + rank : axis;
    }
}
