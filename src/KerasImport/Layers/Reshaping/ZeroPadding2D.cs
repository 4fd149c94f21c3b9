namespace KerasCompat.Layers;

/// <summary>Adds zeros around an image; see <see cref="BaseZeroPadding"/>.</summary>
internal sealed class ZeroPadding2D(LayerConfig config) : BaseZeroPadding(config, rank: 2);
