namespace KerasCompat.Layers;

/// <summary><c>y = x</c> where x ≥ 0, else <c>negative_slope · x</c>, element by element.</summary>
/// <remarks>Config: <c>negative_slope</c> (0.3; <c>alpha</c> before Keras 3). Weights: none. The mask passes through.</remarks>
internal sealed class LeakyReLU : Layer
{
    private readonly double _slope;

    public LeakyReLU(LayerConfig config)
        : base(config) => _slope = config.Double("negative_slope", 0.3);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) => new KerasTensor(call.Graph.LeakyRelu(call.Input.Value, _slope));
}
