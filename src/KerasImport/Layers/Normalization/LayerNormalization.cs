using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary><c>y = (x − mean) / √(variance + epsilon) · gamma + beta</c>, mean and variance of each example over some axes.</summary>
/// <remarks>
/// Config: <c>axis</c> (−1; an integer or a list), <c>epsilon</c> (1e-3), <c>center</c>, <c>scale</c>, <c>rms_scaling</c>. Weights, of
/// the sizes of the axes in the order of the config (which Keras 3.14 sorts): <c>gamma</c>, <c>beta</c>; Keras reshapes them to the
/// input's order, whatever that makes of them. Computed in at least float32. The mask passes through. With
/// <c>rms_scaling</c> (Keras 3.3 to 3.9) it is <c>x / √(variance + epsilon) · gamma</c>: the mean is not subtracted, though the variance
/// is about it.
/// </remarks>
internal sealed class LayerNormalization : Layer
{
    private readonly AxisList _axis;
    private readonly double _epsilon;
    private readonly bool _center;
    private readonly bool _scale;
    private readonly bool _rmsScaling;
    private Weight? _gamma;
    private Weight? _beta;

    public LayerNormalization(LayerConfig config)
        : base(config)
    {
        _axis = AxisList.Read(config);
        _epsilon = config.Double("epsilon", 1e-3);
        _center = config.Bool("center", true);
        _scale = config.Bool("scale", true);
        _rmsScaling = config.Bool("rms_scaling", false);
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => rank > 2 ? RaggedRule.Passes : RaggedRule.Refuses;

    protected override void Build(SymbolicShape input)
    {
        int[] sizes = [.. _axis.AsWritten(input.Rank).Select(a => Known(input[a], $"axis {a}"))];
        _gamma = _scale || _rmsScaling ? AddWeight("gamma", sizes) : null;
        _beta = _center && !_rmsScaling ? AddWeight("beta", sizes) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = HalfPrecision.Widen(g, call.FloatingInput);
        int[] axes = _axis.Of(x.Rank);
        Value? gamma = Parameter(_gamma), beta = Parameter(_beta);
        Value y = _rmsScaling
            ? Scaled(g, x, gamma!, axes)
            : g.LayerNormalization(x, gamma, beta, axes, _epsilon);
        return new KerasTensor(g.Cast(y, Policy.Compute));

        Value? Parameter(Weight? weight) => weight is null ? null
            : g.Cast(g.Weight(weight), x.DType) is var value && _axis.AsWritten(x.Rank).SequenceEqual(axes) ? value
            : g.Reshape(value, new SymbolicShape(axes.Select(a => x.Shape[a])));
    }

    private Value Scaled(GraphBuilder g, Value x, Value gamma, int[] axes)
    {
        Value mean = g.ReduceMean(x, axes, keepDims: true);
        Value variance = g.ReduceMean(g.Square(g.Sub(x, mean)), axes, keepDims: true);
        Value factors = g.Rsqrt(g.Add(variance, _epsilon));
        var broadcast = new SymbolicShape(x.Shape.Select((d, a) => axes.Contains(a) ? d : Dim.One));
        return g.Mul(g.Mul(x, factors), g.Reshape(gamma, broadcast));
    }
}
