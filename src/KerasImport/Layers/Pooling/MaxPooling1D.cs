using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element of each window over one axis; see <see cref="BasePooling"/>.</summary>
internal sealed class MaxPooling1D(LayerConfig config) : BasePooling(config, PoolKind.Max, rank: 1);
