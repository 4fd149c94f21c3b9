using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of each of a given number of windows over one axis; see <see cref="BaseAdaptivePooling"/>.</summary>
internal sealed class AdaptiveAveragePooling1D(LayerConfig config) : BaseAdaptivePooling(config, PoolKind.Average, rank: 1);
