using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The sum of the inputs, element by element; see <see cref="Merge"/>.</summary>
internal sealed class Add(LayerConfig config) : Merge(config)
{
    protected override Value Combine(GraphBuilder g, IReadOnlyList<KerasTensor> inputs) => inputs.Select(t => t.Value).Aggregate((a, b) => g.Add(a, b));
}
