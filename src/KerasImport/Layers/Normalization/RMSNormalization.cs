using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = x / √(mean(x²) + epsilon) · scale</c>, the mean of each example over the trailing axes.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1; an integer or a list), <c>epsilon</c> (1e-6). Weights: <c>scale</c>, of the sizes of the axes. Computed in
/// at least float32. The mask is dropped. Keras 3.9 and later.
/// </remarks>
internal sealed class RMSNormalization : Layer
{
    private readonly AxisList _axis;
    private readonly double _epsilon;
    private Weight? _scale;

    public RMSNormalization(LayerConfig config)
        : base(config)
    {
        _axis = AxisList.Read(config);
        _epsilon = config.Double("epsilon", 1e-6);
    }

    protected internal override MaskRule MaskRule => MaskRule.Drops;

    protected override void Build(SymbolicShape input) =>
        _scale = AddWeight("scale", [.. _axis.Of(input.Rank).Select(a => Known(input[a], $"axis {a}"))]);

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = HalfPrecision.Widen(g, call.FloatingInput);
        Value y = g.RMSNormalization(x, g.Cast(g.Weight(_scale!), x.DType), _axis.Of(x.Rank), _epsilon);
        return new KerasTensor(g.Cast(y, Policy.Compute));
    }
}
