using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The product of the inputs, element by element; see <see cref="Merge"/>.</summary>
/// <remarks>A masked element counts as 1; where all inputs are masked the product is 0.</remarks>
internal sealed class Multiply(LayerConfig config) : Merge(config)
{
    protected override Value Combine(GraphBuilder g, IReadOnlyList<KerasTensor> inputs)
    {
        Value zero = g.Scalar(0, inputs[0].Value.DType), one = g.Scalar(1, inputs[0].Value.DType);
        Value product = inputs.Select(t => t.Mask is null ? t.Value : g.Where(t.Mask, t.Value, one)).Aggregate((a, b) => g.Mul(a, b));
        return inputs.All(t => t.Mask is not null) ? g.Where(inputs.Select(t => t.Mask!).Aggregate(g.Or), product, zero) : product;
    }
}
