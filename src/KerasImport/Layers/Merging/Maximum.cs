using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The largest of the inputs, element by element; see <see cref="Merge"/>.</summary>
internal sealed class Maximum(LayerConfig config) : Merge(config)
{
    protected override Value Combine(GraphBuilder g, IReadOnlyList<KerasTensor> inputs) => ByMask(g, inputs, (a, b) => g.Maximum(a, b));
}
