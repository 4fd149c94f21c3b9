using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The layer inside, whose kernel training divides by its largest singular value. At inference the stored kernel is used.</summary>
/// <remarks>
/// Config: <c>layer</c>; <c>casts_to_input</c>: the result has the input's type, even where that is an Embedding's integers (Keras 3);
/// <c>power_iterations</c>, which training reads. Weights: the inner layer's, and <c>vector_u</c> (1, last axis of its kernel). The mask is
/// the inner layer's. Keras 2.13 and later.
/// </remarks>
internal sealed class SpectralNormalization : Wrapper
{
    private readonly bool _castsToInput;

    public SpectralNormalization(LayerConfig config)
        : base(config)
    {
        _castsToInput = config.Bool("casts_to_input", true);
        config.Ignore("power_iterations");
    }

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    // Keras tracks the kernel a second time as the wrapper's own, so weight files hold it twice.
    protected internal override IReadOnlyList<Weight> StoredWeights => [Kernel, .. OwnWeights];

    public override IEnumerable<Weight> Weights => StoredWeights.Concat(Inner.Weights).Distinct();

    private Weight Kernel => Inner.OwnWeights.FirstOrDefault(w => w.Name is "kernel" or "depthwise_kernel" or "embeddings")
        ?? throw Config.Wrong("layer", Inner.ClassName, "a layer with a kernel or embeddings");

    protected override void Build(CallArguments arguments)
    {
        Inner.EnsureBuilt(arguments);
        AddWeight("vector_u", [1, Kernel.Shape[-1]], trainable: false, Kernel.DType);
    }

    protected override Structure Call(LayerCall call)
    {
        Structure result = Inner.Invoke(call.Graph, call.PassOn(call.First));
        DType type = call.Input.Value.DType;
        return _castsToInput ? result.Map(t => t with { Value = call.Graph.Cast(t.Value, type) }) : result;
    }
}
