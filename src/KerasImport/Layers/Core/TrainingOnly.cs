using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A layer that draws random numbers in training and gives its input back at inference: dropout, noise, random image layers.</summary>
/// <remarks>
/// Config: rates and the like, which only training reads. Weights: none. The mask passes through. A file that calls such a layer with
/// <c>training=True</c> wants random numbers at inference, and is refused.
/// </remarks>
internal sealed class TrainingOnly : Layer
{
    private readonly bool _castsInput;
    private readonly bool _neverDrops;

    /// <summary>A layer that does nothing at inference.</summary>
    /// <param name="config">The config.</param>
    /// <param name="trainingKeys">The keys that only training reads.</param>
    public TrainingOnly(LayerConfig config, params ReadOnlySpan<string> trainingKeys)
        : this(config, castsInput: false, trainingKeys)
    {
    }

    /// <summary>A layer that at inference at most casts its input.</summary>
    /// <param name="config">The config.</param>
    /// <param name="castsInput">Whether integers become floats all the same, as in some image layers.</param>
    /// <param name="trainingKeys">The keys that only training reads.</param>
    public TrainingOnly(LayerConfig config, bool castsInput, params ReadOnlySpan<string> trainingKeys)
        : base(config)
    {
        _castsInput = castsInput;
        _neverDrops = config.Token("rate") is not null && config.DoubleOrNull("rate") == 0;
        config.Ignore(trainingKeys);
    }

    protected internal override MaskRule MaskRule => MaskRule.Passes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => RaggedRule.Passes;

    protected override Structure Call(LayerCall call)
    {
        if (call.Training == true && !_neverDrops)
        {
            throw new UnsupportedModelException(
                $"{Config.Place}(…).training",
                $"{ClassName} called with training=True, which draws random numbers at inference",
                "a call in inference mode",
                "save the model with the argument left out");
        }

        return _castsInput ? call.First.Map(t => t with { Value = call.Graph.Cast(t.Value, Policy.Compute) }) : call.First;
    }
}
