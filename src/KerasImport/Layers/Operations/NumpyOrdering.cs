using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.numpy</c> and <c>keras.ops.math</c> that put elements in order.</summary>
internal static class NumpyOrdering
{
    public static OperationSet Table { get; } = new()
    {
        ["Argpartition"] = With(ArgPartition),
        ["Argsort"] = With((c, x) => c.Graph.Cast(c.Graph.ArgSort(Line(c, x, out int axis), axis), DType.Int32)),
        ["Digitize"] = With(Digitize),
        ["InTopK"] = c => new KerasTensor(InTopK(c)),
        ["SearchSorted"] = c => new KerasTensor(SearchSorted(c)),
        ["Sort"] = With((c, x) => c.Graph.Sort(Line(c, x, out int axis), axis)),
        ["TopK"] = With(TopK),
        ["Unique"] = With(Unique),
    };

    /// <summary>The tensor and the axis to sort along: the last, or without an axis all elements in a line.</summary>
    private static Value Line(OperationCall c, Value x, out int axis)
    {
        x = x.DType == DType.Bool ? c.Graph.Cast(x, DType.UInt8) : x;
        if (!c.IsNone("axis"))
        {
            axis = c.Axis(x, -1);
            return x;
        }

        axis = 0;
        return c.Graph.Reshape(x, x.Shape.ElementCount);
    }

    private static Structure TopK(OperationCall c, Value x)
    {
        c.Ignore("sorted", "is_stable");
        (Value values, Value indices) = c.Graph.TopK(x, c.Int("k", 1));
        return Several([values, c.Graph.Cast(indices, DType.Int32)]);
    }

    /// <summary>As Keras on TensorFlow computes it: of the numbers as int32, the places of the smallest, then of the rest.</summary>
    private static Value ArgPartition(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        c.Ignore("kth");
        Value line = g.Cast(Line(c, x, out int axis), DType.Int32);
        return g.Cast(g.ArgSort(line, axis), DType.Int32);
    }

    /// <summary>True where fewer than k predictions are larger than the target's.</summary>
    private static Value InTopK(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value targets = c.Tensor(0, "targets"), predictions = c.Tensor(1, "predictions");
        Value own = g.GatherElements(predictions, g.ExpandDims(targets, -1), -1);
        Value larger = g.ReduceSum(g.Cast(g.Greater(predictions, own), DType.Int32), [-1]);
        return g.And(g.Less(larger, c.Int("k", 1)), g.IsFinite(g.Squeeze(own, -1)));
    }

    private static Value Digitize(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Value bins = c.Tensor(1, "bins");
        Value wide = x.DType.IsFloating() ? g.Cast(x, TypePromotion.Result(x.DType, DType.Float32)) : g.Cast(x, DType.Float32);
        return Count(g, g.GreaterEqual(g.ExpandDims(wide, -1), g.Cast(bins, wide.DType)));
    }

    private static Value SearchSorted(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Operand sequence = c.Operand(0, "sorted_sequence"), values = c.Operand(1, "values");
        DType type = TypePromotion.Result(sequence.Strong, values.Strong);
        (Value line, Value x) = (sequence.In(g, type), g.ExpandDims(values.In(g, type), -1));
        return Count(g, c.Text("side", "left") == "left" ? g.Greater(x, line) : g.GreaterEqual(x, line));
    }

    private static Value Count(GraphBuilder g, Value flags) => g.ReduceSum(g.Cast(flags, DType.Int32), [-1]);

    private static Structure Unique(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        if (c.Parameter("axis") is { } axis)
        {
            throw new UnsupportedModelException($"{c.Config.Place}.axis", axis.ToString(), "null");
        }

        Value line = g.Reshape(x, x.Shape.ElementCount);
        UniqueResult unique = g.Unique(line, c.Flag("sorted", true));
        (Value values, Value first, Value counts) = (unique.Values, unique.Indices, unique.Counts);
        if (c.IntOrNull("size") is { } size)
        {
            values = g.ToLength(values, size, c.Number("fill_value", 0));
            first = g.ToLength(first, size, 1);
            counts = g.ToLength(counts, size, 0);
        }

        var results = new List<Value> { values };
        Add("return_index", first);
        Add("return_inverse", g.Reshape(unique.Inverse, x.Shape));
        Add("return_counts", counts);
        return Several(results);

        void Add(string flag, Value value)
        {
            if (c.Flag(flag))
            {
                results.Add(g.Cast(value, DType.Int32));
            }
        }
    }
}
