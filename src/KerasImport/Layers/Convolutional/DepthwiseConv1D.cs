namespace KerasCompat.Layers;

/// <summary>The convolution of each channel alone, over one axis; see <see cref="BaseDepthwiseConv"/>.</summary>
internal sealed class DepthwiseConv1D(LayerConfig config) : BaseDepthwiseConv(config, rank: 1);
