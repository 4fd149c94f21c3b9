using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The mean of the inputs, element by element; see <see cref="Merge"/>.</summary>
/// <remarks>Integers become floats: of 8 and 16 bits float32, wider ones float64, as in TensorFlow's division.</remarks>
internal sealed class Average(LayerConfig config) : Merge(config)
{
    protected override Value Combine(GraphBuilder g, IReadOnlyList<KerasTensor> inputs)
    {
        Value sum = inputs.Select(t => t.Value).Aggregate((a, b) => g.Add(a, b));
        DType type = sum.DType.IsFloating() ? sum.DType : sum.DType.Size() <= 2 ? DType.Float32 : DType.Float64;
        return g.Div(g.Cast(sum, type), inputs.Count);
    }
}
