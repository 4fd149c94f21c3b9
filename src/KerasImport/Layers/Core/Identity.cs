namespace KerasCompat.Layers;

/// <summary>Gives its input back. Also what every dropout, noise and random image layer does at inference.</summary>
/// <remarks>Config: rates and the like, which only training reads. Weights: none. The mask passes through.</remarks>
internal sealed class Identity : Layer
{
    /// <summary>A layer that does nothing at inference.</summary>
    /// <param name="config">The config.</param>
    /// <param name="trainingKeys">The keys that only training reads.</param>
    public Identity(LayerConfig config, params ReadOnlySpan<string> trainingKeys)
        : base(config) => config.Ignore(trainingKeys);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) => call.First;
}
