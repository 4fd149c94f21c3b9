namespace KerasCompat.Layers;

/// <summary>Gives its input back. Also what every dropout and noise layer does at inference.</summary>
/// <remarks>Config: rates and the like, which only training reads. Weights: none. The mask passes through.</remarks>
internal sealed class Identity : Layer
{
    public Identity(LayerConfig config)
        : base(config) => config.Ignore("rate", "stddev", "data_format", "l1", "l2");

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) => call.First;
}
