using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The first input less the second, element by element; see <see cref="Merge"/>.</summary>
internal sealed class Subtract(LayerConfig config) : Merge(config)
{
    protected override Value Combine(GraphBuilder g, IReadOnlyList<KerasTensor> inputs) => inputs is [var a, var b]
        ? g.Sub(a.Value, b.Value)
        : throw new ModelFormatException(Config.Place, $"{inputs.Count} inputs", "exactly 2");
}
