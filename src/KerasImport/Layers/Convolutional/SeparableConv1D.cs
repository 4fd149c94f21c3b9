namespace KerasCompat.Layers;

/// <summary>The separable convolution over one axis; see <see cref="BaseSeparableConv"/>.</summary>
internal sealed class SeparableConv1D(LayerConfig config) : BaseSeparableConv(config, rank: 1);
