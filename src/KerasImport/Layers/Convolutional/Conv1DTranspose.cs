namespace KerasCompat.Layers;

/// <summary>The transposed convolution over one axis; see <see cref="BaseConvTranspose"/>.</summary>
internal sealed class Conv1DTranspose(LayerConfig config) : BaseConvTranspose(config, rank: 1);
