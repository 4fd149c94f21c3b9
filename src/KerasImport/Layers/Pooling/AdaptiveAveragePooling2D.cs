using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of each of a given number of windows over rows and columns; see <see cref="BaseAdaptivePooling"/>.</summary>
internal sealed class AdaptiveAveragePooling2D(LayerConfig config) : BaseAdaptivePooling(config, PoolKind.Average, rank: 2);
