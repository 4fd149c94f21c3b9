namespace KerasCompat.Layers;

/// <summary>Adds zeros at both ends of three axes; see <see cref="BaseZeroPadding"/>.</summary>
internal sealed class ZeroPadding3D(LayerConfig config) : BaseZeroPadding(config, rank: 3);
