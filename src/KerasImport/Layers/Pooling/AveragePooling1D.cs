using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of each window over one axis; see <see cref="BasePooling"/>.</summary>
internal sealed class AveragePooling1D(LayerConfig config) : BasePooling(config, PoolKind.Average, rank: 1);
