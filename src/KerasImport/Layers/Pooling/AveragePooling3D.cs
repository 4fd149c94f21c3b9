using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of each window over three axes; see <see cref="BasePooling"/>.</summary>
internal sealed class AveragePooling3D(LayerConfig config) : BasePooling(config, PoolKind.Average, rank: 3);
