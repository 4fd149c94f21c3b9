using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>A layer around another, which is called <c>layer</c> in config and weight files.</summary>
internal abstract class Wrapper : Layer
{
    protected Wrapper(LayerConfig config)
        : base(config) => Inner = config.Layer("layer");

    /// <summary>The layer inside.</summary>
    public Layer Inner { get; }

    public override IReadOnlyList<Sublayer> Sublayers => [new Sublayer("layer", Inner)];

    // The inner layer casts.
    protected override bool Autocasts => false;

    internal override DType? ArgumentType => Policy.Compute;
}
