using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element of each window over rows and columns; see <see cref="BasePooling"/>.</summary>
internal sealed class MaxPooling2D(LayerConfig config) : BasePooling(config, PoolKind.Max, rank: 2);
