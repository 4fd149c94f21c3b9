namespace KerasCompat.Layers;

/// <summary>The convolution of each channel alone, over rows and columns; see <see cref="BaseDepthwiseConv"/>.</summary>
internal sealed class DepthwiseConv2D(LayerConfig config) : BaseDepthwiseConv(config, rank: 2);
