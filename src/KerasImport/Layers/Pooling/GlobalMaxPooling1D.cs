using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element over one axis; see <see cref="BaseGlobalPooling"/>.</summary>
internal sealed class GlobalMaxPooling1D(LayerConfig config) : BaseGlobalPooling(config, PoolKind.Max, rank: 1);
