namespace KerasCompat.Layers;

/// <summary>The convolution over rows and columns; see <see cref="BaseConv"/>.</summary>
internal sealed class Conv2D(LayerConfig config) : BaseConv(config, rank: 2);
