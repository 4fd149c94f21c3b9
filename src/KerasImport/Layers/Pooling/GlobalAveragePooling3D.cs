using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean over three axes; see <see cref="BaseGlobalPooling"/>.</summary>
internal sealed class GlobalAveragePooling3D(LayerConfig config) : BaseGlobalPooling(config, PoolKind.Average, rank: 3);
