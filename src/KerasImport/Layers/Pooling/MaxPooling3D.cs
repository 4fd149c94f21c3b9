using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element of each window over three axes; see <see cref="BasePooling"/>.</summary>
internal sealed class MaxPooling3D(LayerConfig config) : BasePooling(config, PoolKind.Max, rank: 3);
