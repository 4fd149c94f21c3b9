using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.math</c> but for the Fourier transforms.</summary>
internal static class MathOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["CDist"] = c => new KerasTensor(Distances(c)),
        ["Erf"] = Floating((g, x) => g.Erf(x)),
        ["Erfc"] = Floating((g, x) => g.Erfc(x)),
        ["Erfinv"] = Floating((g, x) => g.Erfinv(x)),
        ["ExtractSequences"] = With((c, x) => FourierOperations.Frames(c.Graph, x, c.Int("sequence_length", 1), c.Int("sequence_stride", 1))),
        ["Logsumexp"] = Floating((c, x) => LogSumExp(c.Graph, x, c.Axes(x), c.Flag("keepdims"))),
        ["Rsqrt"] = Floating((g, x) => g.Rsqrt(x)),
        ["SegmentMax"] = c => new KerasTensor(Segments(c, ScatterReduction.Max)),
        ["SegmentMin"] = c => new KerasTensor(Segments(c, ScatterReduction.Min)),
        ["SegmentProd"] = c => new KerasTensor(Segments(c, ScatterReduction.Mul)),
        ["SegmentSum"] = c => new KerasTensor(Segments(c, ScatterReduction.Add)),
    };

    /// <summary>log Σ eˣ; the largest element is taken out first.</summary>
    private static Value LogSumExp(GraphBuilder g, Value x, int[] axes, bool keep)
    {
        Value largest = g.ReduceMax(x, axes, keepDims: true);
        Value safe = g.Where(g.IsFinite(largest), largest, g.Scalar(0, x.DType));
        Value y = g.Add(g.Log(g.ReduceSum(g.Exp(g.Sub(x, safe)), axes, keepDims: true)), safe);
        return keep ? y : g.Reshape(y, new SymbolicShape(x.Shape.Where((_, a) => !axes.Contains(a))));
    }

    private static Value Distances(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value x, Value y) = c.Promote(c.Operand(0, "x"), c.Operand(1, "y"), KerasType.Float);
        return g.Sqrt(g.ReduceSum(g.Square(g.Sub(g.ExpandDims(x, -2), g.ExpandDims(y, -3))), [-1]));
    }

    /// <summary>
    /// Rows of one segment gathered into one. A segment without rows gets what the reduction starts from; where the segments are said
    /// to be sorted, and so their number is left open, it gets zeros, as TensorFlow has it.
    /// </summary>
    private static Value Segments(OperationCall c, ScatterReduction reduction)
    {
        GraphBuilder g = c.Graph;
        Value data = c.Tensor(0, "data"), ids = c.Tensor(1, "segment_ids");
        bool sorted = c.Flag("sorted");
        double start = reduction switch
        {
            ScatterReduction.Mul => 1,
            ScatterReduction.Max => Least(data.DType),
            ScatterReduction.Min => -Least(data.DType) - (data.DType.IsInteger() ? 1 : 0),
            _ => 0,
        };
        int? count = c.IntOrNull("num_segments");
        if (count is null)
        {
            // The number of the highest segment, but for sums of unsorted segments: there Keras counts different ids.
            bool counts = reduction == ScatterReduction.Add && !sorted;
            Value reduced = g.SegmentReduce(data, ids, reduction, start, counts);
            bool fillsWithZeros = sorted && reduction is (ScatterReduction.Max or ScatterReduction.Min);
            return fillsWithZeros ? g.Where(g.Equal(reduced, start), g.Scalar(0, data.DType), reduced) : reduced;
        }

        // A row more takes what belongs to no segment.
        Value place = g.Where(g.Less(ids, 0), g.Scalar(count.Value, ids.DType), g.Minimum(ids, count.Value));
        var shape = new SymbolicShape([count.Value + 1, .. data.Shape.Skip(1)]);
        Value all = g.ScatterND(g.Full(shape, start, data.DType), g.ExpandDims(place, -1), data, reduction);
        return g.Slice(all, 0, 0, count.Value);
    }

    private static double Least(DType type) => type switch
    {
        DType.Float16 => -65504,
        DType.BFloat16 => -3.3895313892515355e38,
        DType.Float32 => float.MinValue,
        DType.Float64 => double.MinValue,
        DType.Int8 => sbyte.MinValue,
        DType.Int16 => short.MinValue,
        DType.Int32 => int.MinValue,
        DType.Int64 => long.MinValue,
        _ => 0,
    };
}
