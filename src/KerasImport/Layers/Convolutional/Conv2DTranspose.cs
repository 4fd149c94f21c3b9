namespace KerasCompat.Layers;

/// <summary>The transposed convolution over rows and columns; see <see cref="BaseConvTranspose"/>.</summary>
internal sealed class Conv2DTranspose(LayerConfig config) : BaseConvTranspose(config, rank: 2);
