namespace KerasCompat.Layers;

/// <summary>Cuts steps off both ends of three axes; see <see cref="BaseCropping"/>.</summary>
internal sealed class Cropping3D(LayerConfig config) : BaseCropping(config, rank: 3, fallback: 1);
