namespace KerasCompat.Layers;

/// <summary>Adds zeros before and behind a sequence; see <see cref="BaseZeroPadding"/>.</summary>
internal sealed class ZeroPadding1D(LayerConfig config) : BaseZeroPadding(config, rank: 1);
