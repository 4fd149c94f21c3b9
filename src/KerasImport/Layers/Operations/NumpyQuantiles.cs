using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>
/// The quantiles of <c>keras.ops.numpy</c>: of n sorted numbers the one at place <c>q · (n − 1)</c>, or between its neighbours.
/// </summary>
/// <remarks>Parameters: <c>axis</c>, <c>keepdims</c>, <c>method</c> (linear, lower, higher, nearest, midpoint). The axes of q come first.</remarks>
internal static class NumpyQuantiles
{
    private static readonly Dictionary<string, Func<GraphBuilder, Place, Value>> Methods = new()
    {
        ["linear"] = (g, p) => g.Add(p.Lower, g.Mul(g.Cast(g.Sub(p.Exact, g.Floor(p.Exact)), p.Lower.DType), g.Sub(p.Higher, p.Lower))),
        ["lower"] = (_, p) => p.Lower,
        ["higher"] = (_, p) => p.Higher,
        ["nearest"] = (_, p) => p.Nearest,
        ["midpoint"] = (g, p) => g.Mul(g.Add(p.Lower, p.Higher), 0.5),
    };

    public static OperationSet Table { get; } = new()
    {
        ["Median"] = With((c, x) => Quantile(c, x, c.Graph.Scalar(0.5, DType.Float64), ignoresNan: false)),
        ["Nanmedian"] = With((c, x) => Quantile(c, x, c.Graph.Scalar(0.5, DType.Float64), ignoresNan: true)),
        ["Nanpercentile"] = With((c, x) => Quantile(c, x, Percent(c), ignoresNan: true)),
        ["Nanquantile"] = With((c, x) => Quantile(c, x, Fraction(c), ignoresNan: true)),
        ["Percentile"] = With((c, x) => Quantile(c, x, Percent(c), ignoresNan: false)),
        ["Quantile"] = With(Linear),
    };

    // Keras's operation Quantile does not hand its method on, so that it is always linear.
    private static Value Linear(OperationCall c, Value x)
    {
        c.Ignore("method");
        return Quantile(c, x, Fraction(c), ignoresNan: false, "linear");
    }

    // float32 first, as Keras holds it, so that the place is rounded as Keras rounds it.
    private static Value Fraction(OperationCall c) => c.Graph.Cast(c.Graph.Cast(c.Tensor(1, "q"), DType.Float32), DType.Float64);

    private static Value Percent(OperationCall c) => c.Graph.Cast(c.Graph.Div(c.Graph.Cast(c.Tensor(1, "q"), DType.Float32), 100), DType.Float64);

    private static Value Quantile(OperationCall c, Value x, Value q, bool ignoresNan, string? method = null)
    {
        GraphBuilder g = c.Graph;
        x = ToFloating(g, x);
        int[] axes = c.Axes(x), rest = [.. Enumerable.Range(0, x.Rank).Except(axes)];
        var outer = new SymbolicShape(rest.Select(a => x.Shape[a]));
        Value line = g.Reshape(g.Transpose(x, [.. rest, .. axes]), new SymbolicShape([.. outer, Dim.Product(axes.Select(a => x.Shape[a]))]));
        Value isNan = g.IsNaN(line);
        Value sorted = g.Sort(g.Where(isNan, g.Scalar(double.PositiveInfinity, x.DType), line), -1);
        Value counts = g.ReduceSum(g.Cast(g.Not(isNan), DType.Float64), [-1], keepDims: true);
        Value length = g.Mul(g.Ones(counts.Shape, DType.Float64), g.SizeOf(line, -1, DType.Float64));

        // (…, number of q): every q has its place on every line.
        Value exact = g.Maximum(g.Mul(g.Sub(ignoresNan ? counts : length, 1), g.Reshape(q, q.Shape.ElementCount)), 0);
        Value y = Methods[method ?? c.Text("method", "linear")](g, new Place(exact, At(g.Floor(exact)), At(g.Ceil(exact)), At(g.Round(exact))));
        Value isUndefined = ignoresNan ? g.Equal(counts, 0) : g.Less(counts, length);
        y = g.Where(isUndefined, g.Scalar(double.NaN, x.DType), y);

        Value ordered = g.MoveAxis(y, -1, 0);
        SymbolicShape result = c.Flag("keepdims") ? new SymbolicShape(x.Shape.Select((d, a) => axes.Contains(a) ? Dim.One : d)) : outer;
        return g.Reshape(ordered, new SymbolicShape([.. q.Shape, .. result]));

        Value At(Value place) => g.GatherElements(sorted, g.Cast(place, DType.Int64), -1);
    }

    /// <summary>What lies at a place among sorted numbers.</summary>
    private sealed record Place(Value Exact, Value Lower, Value Higher, Value Nearest);
}
