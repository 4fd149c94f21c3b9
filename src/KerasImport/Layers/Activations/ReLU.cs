namespace KerasCompat.Layers;

/// <summary>
/// <c>y = x</c> above the threshold, 0 at it, <c>negative_slope · (x − threshold)</c> below it, and at most <c>max_value</c>.
/// </summary>
/// <remarks>
/// Config: <c>max_value</c> (none), <c>negative_slope</c> (0), <c>threshold</c> (0). Weights: none. The mask passes through.
/// </remarks>
internal sealed class ReLU : Layer
{
    private readonly double _maximum;
    private readonly double _slope;
    private readonly double _threshold;

    public ReLU(LayerConfig config)
        : base(config)
    {
        _maximum = config.DoubleOrNull("max_value") ?? double.PositiveInfinity;
        _slope = config.Double("negative_slope", 0);
        _threshold = config.Double("threshold", 0);
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) =>
        new KerasTensor(call.Graph.Relu(call.Input.Value, _slope, _maximum, _threshold));
}
