using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of the inputs, element by element; see <see cref="Merge"/>.</summary>
internal sealed class Average(LayerConfig config) : Merge(config)
{
    protected override Value Combine(GraphBuilder g, IReadOnlyList<Value> inputs) => g.Div(inputs.Aggregate((a, b) => g.Add(a, b)), inputs.Count);
}
