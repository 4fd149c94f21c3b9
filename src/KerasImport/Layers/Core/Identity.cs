namespace KerasCompat.Layers;

/// <summary>Gives its input back. Also what a layer does that only adds to the loss.</summary>
/// <remarks>Config: what only training reads. Weights: none. The mask passes through.</remarks>
internal sealed class Identity : Layer
{
    /// <summary>A layer that does nothing.</summary>
    /// <param name="config">The config.</param>
    /// <param name="trainingKeys">The keys that only training reads.</param>
    public Identity(LayerConfig config, params ReadOnlySpan<string> trainingKeys)
        : base(config) => config.Ignore(trainingKeys);

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => RaggedRule.Passes;

    protected override Structure Call(LayerCall call) => call.First;
}
