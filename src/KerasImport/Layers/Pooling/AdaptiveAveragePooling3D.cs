using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of each of a given number of windows over three axes; see <see cref="BaseAdaptivePooling"/>.</summary>
internal sealed class AdaptiveAveragePooling3D(LayerConfig config) : BaseAdaptivePooling(config, PoolKind.Average, rank: 3);
