namespace KerasCompat.Layers;

/// <summary>The transposed convolution over three axes; see <see cref="BaseConvTranspose"/>.</summary>
internal sealed class Conv3DTranspose(LayerConfig config) : BaseConvTranspose(config, rank: 3);
