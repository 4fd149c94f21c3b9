namespace KerasCompat.Layers;

/// <summary>Cuts rows and columns off an image; see <see cref="BaseCropping"/>.</summary>
internal sealed class Cropping2D(LayerConfig config) : BaseCropping(config, rank: 2, fallback: 0);
