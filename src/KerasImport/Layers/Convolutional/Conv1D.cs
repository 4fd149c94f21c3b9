namespace KerasCompat.Layers;

/// <summary>The convolution over one axis; see <see cref="BaseConv"/>.</summary>
internal sealed class Conv1D(LayerConfig config) : BaseConv(config, rank: 1);
