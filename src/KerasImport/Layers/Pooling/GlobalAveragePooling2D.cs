using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean over rows and columns; see <see cref="BaseGlobalPooling"/>.</summary>
internal sealed class GlobalAveragePooling2D(LayerConfig config) : BaseGlobalPooling(config, PoolKind.Average, rank: 2);
