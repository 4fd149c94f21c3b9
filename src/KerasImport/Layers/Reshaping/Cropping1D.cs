namespace KerasCompat.Layers;

/// <summary>Cuts steps off both ends of a sequence; see <see cref="BaseCropping"/>.</summary>
internal sealed class Cropping1D(LayerConfig config) : BaseCropping(config, rank: 1, fallback: 1);
