using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = x / √max(Σ x², 1e-12)</c> over some axes: vectors of length 1.</summary>
/// <remarks>Config: <c>axis</c> (−1; an integer or a list). Weights: none. The mask passes through.</remarks>
internal sealed class UnitNormalization : Layer
{
    private readonly AxisList _axis;

    public UnitNormalization(LayerConfig config)
        : base(config) => _axis = AxisList.Read(config);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) =>
        new KerasTensor(UnitLength(call.Graph, call.FloatingInput, _axis.Of(call.Input.Shape.Rank)));

    /// <summary><c>x / √max(Σ x², 1e-12)</c>.</summary>
    internal static Value UnitLength(GraphBuilder g, Value x, params int[] axes)
    {
        Value squares = g.ReduceSum(g.Square(x), axes, keepDims: true);
        return g.Mul(x, g.Rsqrt(g.Maximum(squares, 1e-12)));
    }
}
