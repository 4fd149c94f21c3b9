using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element over rows and columns; see <see cref="BaseGlobalPooling"/>.</summary>
internal sealed class GlobalMaxPooling2D(LayerConfig config) : BaseGlobalPooling(config, PoolKind.Max, rank: 2);
