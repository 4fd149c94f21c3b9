namespace KerasCompat.Layers;

/// <summary>The separable convolution over rows and columns; see <see cref="BaseSeparableConv"/>.</summary>
internal sealed class SeparableConv2D(LayerConfig config) : BaseSeparableConv(config, rank: 2);
