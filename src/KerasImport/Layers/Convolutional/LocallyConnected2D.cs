namespace KerasCompat.Layers;

/// <summary>The locally connected layer over rows and columns; see <see cref="BaseLocallyConnected"/>.</summary>
internal sealed class LocallyConnected2D(LayerConfig config) : BaseLocallyConnected(config, rank: 2);
