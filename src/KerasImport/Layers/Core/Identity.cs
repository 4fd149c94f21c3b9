using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Gives its input back. Also what every dropout, noise and random image layer does at inference.</summary>
/// <remarks>Config: rates and the like, which only training reads. Weights: none. The mask passes through.</remarks>
internal sealed class Identity : Layer
{
    private readonly bool _castsInput;

    /// <summary>A layer that does nothing at inference.</summary>
    /// <param name="config">The config.</param>
    /// <param name="trainingKeys">The keys that only training reads.</param>
    public Identity(LayerConfig config, params ReadOnlySpan<string> trainingKeys)
        : this(config, castsInput: false, trainingKeys)
    {
    }

    /// <summary>A layer that at inference at most casts its input.</summary>
    /// <param name="config">The config.</param>
    /// <param name="castsInput">Whether integers become floats all the same, as in some image layers.</param>
    /// <param name="trainingKeys">The keys that only training reads.</param>
    public Identity(LayerConfig config, bool castsInput, params ReadOnlySpan<string> trainingKeys)
        : base(config)
    {
        _castsInput = castsInput;
        config.Ignore(trainingKeys);
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected override Structure Call(LayerCall call) => _castsInput
        ? call.First.Map(t => t with { Value = call.Graph.Cast(t.Value, Policy.Compute) })
        : call.First;
}
