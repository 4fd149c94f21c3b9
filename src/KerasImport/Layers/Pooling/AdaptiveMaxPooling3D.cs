using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element of each of a given number of windows over three axes; see <see cref="BaseAdaptivePooling"/>.</summary>
internal sealed class AdaptiveMaxPooling3D(LayerConfig config) : BaseAdaptivePooling(config, PoolKind.Max, rank: 3);
