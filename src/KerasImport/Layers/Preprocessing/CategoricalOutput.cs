using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>How categories are given out: as they are, or encoded along an axis of one place for each category.</summary>
/// <remarks>
/// <c>one_hot</c>: a row for each category, a last axis of size 1 taken away before. <c>multi_hot</c>: 1 where a category occurs
/// among those of an example; <c>count</c>: how often. An index outside the range gives zeros.
/// </remarks>
/// <param name="Mode">Keras's <c>output_mode</c>.</param>
internal sealed record CategoricalOutput(string Mode)
{
    /// <summary>True where categories are given out as indices.</summary>
    public bool IsIndex => Mode == "int";

    /// <summary>Reads the mode. Sparse outputs hold the same numbers; here they are dense.</summary>
    public static CategoricalOutput Read(LayerConfig config, string fallback, params ReadOnlySpan<string> allowed)
    {
        if (config.Bool("sparse", false))
        {
            config.Ignore("sparse");
        }

        string mode = config.String("output_mode", fallback) switch
        {
            // The names before Keras 2.4.
            "binary" => "multi_hot",
            "tf-idf" => "tf_idf",
            var current => current,
        };
        return allowed.Contains(mode) ? new CategoricalOutput(mode) : throw config.Wrong("output_mode", mode, $"one of {string.Join(", ", allowed.ToArray())}");
    }

    /// <summary>Encodes indices.</summary>
    /// <param name="g">Where the operators go.</param>
    /// <param name="indices">The categories, int64.</param>
    /// <param name="depth">Number of categories.</param>
    /// <param name="dtype">The type of the result.</param>
    /// <param name="weights">What an occurrence counts, or null for 1.</param>
    public Value Encode(GraphBuilder g, Value indices, int depth, DType dtype, Value? weights = null)
    {
        if (IsIndex)
        {
            return g.Cast(indices, dtype);
        }

        if (Mode == "one_hot" && indices.Rank > 1 && indices.Shape[-1] == Dim.One)
        {
            indices = g.Squeeze(indices, -1);
        }

        Value hits = g.Equal(g.ExpandDims(indices, -1), g.Range(depth));
        int axis = indices.Rank > 1 ? 1 : 0;
        if (Mode == "one_hot")
        {
            return g.Cast(hits, dtype);
        }

        if (Mode == "multi_hot")
        {
            return g.Cast(g.ReduceAny(hits, [axis]), dtype);
        }

        Value counts = g.Cast(hits, dtype);
        return g.ReduceSum(weights is null ? counts : g.Mul(counts, g.ExpandDims(g.Cast(weights, dtype), -1)), [axis]);
    }
}
