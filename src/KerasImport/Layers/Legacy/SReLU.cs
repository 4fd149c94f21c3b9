using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The s-shaped ReLU: a line of slope 1 between two learned thresholds, lines of learned slopes on both sides.</summary>
/// <remarks>
/// With <c>t_r = t_left + |t_right|</c>: <c>y = t_left + a_left · (x − t_left)</c> below t_left, <c>x</c> up to t_r,
/// <c>t_r + a_right · (x − t_r)</c> above. Config: <c>shared_axes</c>, counted from 1; <c>clips_both_sides</c> (Theano:
/// the left line is held to t_r too). Weights, of the input's shape without the batch axis
/// and with 1 on the shared axes: <c>t_left</c>, <c>a_left</c>, <c>t_right</c>, <c>a_right</c>. The mask passes through. Keras 1.
/// </remarks>
internal sealed class SReLU : Layer
{
    private readonly ElementWeights _shape;
    private readonly bool _clipsBothSides;
    private Weight? _leftThreshold;
    private Weight? _leftSlope;
    private Weight? _rightThreshold;
    private Weight? _rightSlope;

    public SReLU(LayerConfig config)
        : base(config)
    {
        _shape = ElementWeights.Read(config);
        _clipsBothSides = config.Bool("clips_both_sides", false);
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override void Build(SymbolicShape input)
    {
        int[] shape = _shape.Shape(input, Known);
        _leftThreshold = AddWeight("t_left", shape);
        _leftSlope = AddWeight("a_left", shape);
        _rightThreshold = AddWeight("t_right", shape);
        _rightSlope = AddWeight("a_right", shape);
    }

    protected override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value x = call.Input.Value, left = call.Weight(_leftThreshold!);
        Value width = g.Abs(call.Weight(_rightThreshold!));
        Value inner = g.Relu(g.Sub(x, left));
        Value below = g.Mul(call.Weight(_leftSlope!), g.Relu(g.Sub(left, x)));
        Value center = _clipsBothSides ? g.Minimum(g.Sub(inner, below), width) : g.Sub(g.Minimum(inner, width), below);
        Value above = g.Mul(call.Weight(_rightSlope!), g.Relu(g.Sub(x, g.Add(left, width))));
        return new KerasTensor(g.Add(g.Add(left, center), above));
    }
}
