namespace KerasCompat.Layers;

/// <summary>The convolution over three axes; see <see cref="BaseConv"/>.</summary>
internal sealed class Conv3D(LayerConfig config) : BaseConv(config, rank: 3);
