namespace KerasCompat.Layers;

/// <summary>The locally connected layer over one axis; see <see cref="BaseLocallyConnected"/>.</summary>
internal sealed class LocallyConnected1D(LayerConfig config) : BaseLocallyConnected(config, rank: 1);
