using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of each window over rows and columns; see <see cref="BasePooling"/>.</summary>
internal sealed class AveragePooling2D(LayerConfig config) : BasePooling(config, PoolKind.Average, rank: 2);
