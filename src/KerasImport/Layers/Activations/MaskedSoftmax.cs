using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The softmax under a mask, whose formula Keras changed three times; the canonical key <c>masked_softmax</c> says which.</summary>
internal sealed class MaskedSoftmax
{
    private readonly string _rule;

    private MaskedSoftmax(string rule) => _rule = rule;

    /// <summary>Reads the rule.</summary>
    public static MaskedSoftmax Read(LayerConfig config) => new(config.OneOf("masked_softmax", "zero_rows", "zero_rows", "where", "add", "add_zero_rows", "none"));

    /// <summary>The softmax over some axes of the elements the mask keeps.</summary>
    /// <param name="g">Where the operators go.</param>
    /// <param name="x">The logits.</param>
    /// <param name="mask">True where an element counts; broadcasts to <paramref name="x"/>. Null where all do.</param>
    /// <param name="axes">The axes whose elements sum to 1.</param>
    public Value Apply(GraphBuilder g, Value x, Value? mask, params ReadOnlySpan<int> axes)
    {
        if (mask is null || _rule == "none")
        {
            return Over(g, x, axes);
        }

        Value keep = mask.DType == DType.Bool ? mask : g.Greater(mask, g.Scalar(0.5, mask.DType));
        // The number Keras takes for minus infinity; the larger one does not fit into float16.
        Value low = g.Scalar(x.DType == DType.Float16 ? -3e4 : -1e9, x.DType);
        Value zero = g.Scalar(0, x.DType);
        Value y = Over(g, _rule is "add" or "add_zero_rows" ? g.Add(x, g.Where(keep, zero, low)) : g.Where(keep, x, low), axes);
        return _rule is "zero_rows" or "add_zero_rows" ? g.Where(keep, y, zero) : y;
    }

    private static Value Over(GraphBuilder g, Value x, ReadOnlySpan<int> axes)
    {
        if (axes.Length == 1)
        {
            return g.Softmax(x, axes[0]);
        }

        // Keras's own form, exp(x − log Σ exp x): it gives 1 for each of elements so low that the sum's logarithm is lost in them.
        int[] all = axes.ToArray();
        Value largest = g.ReduceMax(x, all, keepDims: true);
        Value sum = g.ReduceSum(g.Exp(g.Sub(x, largest)), all, keepDims: true);
        return g.Exp(g.Sub(x, g.Add(largest, g.Log(sum))));
    }
}
