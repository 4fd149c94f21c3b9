using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The attention of <c>keras.ops.nn</c>: query (batch, T, heads, size), key and value (batch, S, heads', size).</summary>
internal static class NnAttention
{
    public static OperationSet Table { get; } = new()
    {
        ["DotProductAttention"] = c => new KerasTensor(DotProduct(c)),
    };

    private static Value DotProduct(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        IReadOnlyList<Value> operands = c.Promote([c.Operand(0, "query"), c.Operand(1, "key"), c.Operand(2, "value")]);
        (Value query, Value key, Value value) = (operands[0], operands[1], operands[2]);
        if (Dim.FloorDiv(query.Shape[2], key.Shape[2]).ValueOrNull is { } groups && groups > 1)
        {
            (key, value) = (g.Repeat(key, 2, groups), g.Repeat(value, 2, groups));
        }

        c.Flag("flash_attention");
        double scale = c.OperandOrNull(5, "scale")?.Number ?? c.NumberOrNull("scale") ?? 1 / Math.Sqrt(query.Shape[-1].Value);
        DType precise = TypePromotion.Result(query.DType, DType.Float32);
        Value scores = g.Mul(g.Cast(g.Einsum("btnh,bsnh->bnts", query, key), precise), scale);
        scores = c.TensorOrNull(3, "bias") is { } bias ? g.Add(scores, g.Cast(bias, precise)) : scores;
        scores = c.NumberOrNull("attn_logits_soft_cap") is { } cap ? g.Mul(g.Tanh(g.Div(scores, cap)), cap) : scores;
        Value? allowed = c.TensorOrNull(4, "mask") is { } mask ? g.Cast(mask, DType.Bool) : null;
        if (c.Flag("is_causal"))
        {
            allowed = AttentionMask.And(g, allowed, AttentionMask.Causal(g, query.Shape[1], key.Shape[1]));
        }

        scores = allowed is null ? scores : g.Where(allowed, scores, g.Scalar(HeadAttention.LargeNegative, precise));
        return g.Einsum("bnts,bsnh->btnh", g.Cast(g.Softmax(scores, -1), key.DType), value);
    }
}
