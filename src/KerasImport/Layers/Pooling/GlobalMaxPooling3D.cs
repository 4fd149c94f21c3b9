using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest element over three axes; see <see cref="BaseGlobalPooling"/>.</summary>
internal sealed class GlobalMaxPooling3D(LayerConfig config) : BaseGlobalPooling(config, PoolKind.Max, rank: 3);
