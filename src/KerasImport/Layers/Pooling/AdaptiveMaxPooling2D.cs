using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element of each of a given number of windows over rows and columns; see <see cref="BaseAdaptivePooling"/>.</summary>
internal sealed class AdaptiveMaxPooling2D(LayerConfig config) : BaseAdaptivePooling(config, PoolKind.Max, rank: 2);
