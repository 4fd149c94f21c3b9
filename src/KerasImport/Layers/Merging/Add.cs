using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The sum of the inputs, element by element; see <see cref="Merge"/>.</summary>
internal sealed class Add(LayerConfig config) : Merge(config)
{
    protected override Value Combine(GraphBuilder g, IReadOnlyList<Value> inputs) => inputs.Aggregate((a, b) => g.Add(a, b));
}
