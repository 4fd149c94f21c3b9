namespace KerasCompat.Layers;

/// <summary><c>y = x</c> where x &gt; theta, else 0, element by element.</summary>
/// <remarks>Config: <c>theta</c> (1). Weights: none. The mask passes through. Keras 1 and 2 only.</remarks>
internal sealed class ThresholdedReLU : Layer
{
    private readonly double _theta;

    public ThresholdedReLU(LayerConfig config)
        : base(config) => _theta = config.Double("theta", 1);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) => new KerasTensor(call.Graph.ThresholdedRelu(call.Input.Value, _theta));
}
