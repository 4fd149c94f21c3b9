using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Which keys a query may look at: masks <c>(batch or 1, queries or 1, keys)</c>, true where it may.</summary>
internal static class AttentionMask
{
    /// <summary>A key no later than the query: <c>(1, queries, keys)</c>. Both are counted from the first, even if their numbers differ.</summary>
    public static Value Causal(GraphBuilder g, Dim queries, Dim keys) => g.GreaterEqual(Rows(g, queries), Columns(g, keys));

    /// <summary>A key fewer than <paramref name="window"/> steps away, on either side: <c>(1, queries, keys)</c>.</summary>
    public static Value Window(GraphBuilder g, Dim queries, Dim keys, int window) =>
        g.Less(g.Abs(g.Sub(Rows(g, queries), Columns(g, keys))), g.Scalar(window, DType.Int32));

    /// <summary>Both masks together; null is a mask that hides nothing.</summary>
    public static Value? And(GraphBuilder g, Value? a, Value? b) => a is null ? b : b is null ? a : g.And(a, b);

    /// <summary>A mask of steps as a mask of queries: <c>(batch, queries, 1)</c>.</summary>
    public static Value? OfQueries(GraphBuilder g, Value? mask) => mask is null ? null : g.ExpandDims(g.Cast(mask, DType.Bool), -1);

    /// <summary>A mask of steps as a mask of keys: <c>(batch, 1, keys)</c>.</summary>
    public static Value? OfKeys(GraphBuilder g, Value? mask) => mask is null ? null : g.ExpandDims(g.Cast(mask, DType.Bool), -2);

    private static Value Rows(GraphBuilder g, Dim queries) => g.Reshape(g.Range(queries, DType.Int32), 1, queries, 1);

    private static Value Columns(GraphBuilder g, Dim keys) => g.Reshape(g.Range(keys, DType.Int32), 1, 1, keys);
}
