using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// <c>y = (x − mean) / √(variance + epsilon) · gamma + beta</c>, mean and variance of each example over a group of channels and all
/// places.
/// </summary>
/// <remarks>
/// Config: <c>groups</c> (32; −1 is one for each channel), <c>axis</c> of the channels (−1), <c>epsilon</c> (1e-3), <c>center</c>,
/// <c>scale</c>. Weights, one for each channel: <c>gamma</c>, <c>beta</c>. Computed in at least float32. The mask passes through.
/// </remarks>
internal sealed class GroupNormalization : Layer
{
    private readonly int _groups;
    private readonly int _axis;
    private readonly double _epsilon;
    private readonly bool _center;
    private readonly bool _scale;
    private Weight? _gamma;
    private Weight? _beta;

    public GroupNormalization(LayerConfig config)
        : base(config)
    {
        _groups = config.Int("groups", 32);
        _axis = config.Int("axis", -1);
        _epsilon = config.Double("epsilon", 1e-3);
        _center = config.Bool("center", true);
        _scale = config.Bool("scale", true);
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input)
    {
        int channels = Known(input[_axis], "channel axis");
        _gamma = _scale ? AddWeight("gamma", [channels]) : null;
        _beta = _center ? AddWeight("beta", [channels]) : null;
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = HalfPrecision.Widen(g, call.FloatingInput);
        int groups = _groups == -1 ? Known(x.Shape[_axis], "channel axis") : _groups;
        Value y = g.GroupNormalization(x, Parameter(_gamma), Parameter(_beta), groups, _axis, _epsilon);
        return new KerasTensor(g.Cast(y, Policy.Compute));

        Value? Parameter(Weight? weight) => weight is null ? null : g.Cast(g.Weight(weight), x.DType);
    }
}
