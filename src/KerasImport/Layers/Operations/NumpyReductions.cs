using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.numpy</c> that gather axes into one number, or running numbers.</summary>
/// <remarks>Parameters: <c>axis</c> (an integer, a list, or null for all), <c>keepdims</c>.</remarks>
internal static class NumpyReductions
{
    public static OperationSet Table { get; } = new()
    {
        ["All"] = With((c, x) => c.Graph.ReduceAll(c.Graph.Cast(x, DType.Bool), c.Axes(x), Keep(c))),
        ["Amax"] = With((c, x) => Extreme(c, x, largest: true)),
        ["Amin"] = With((c, x) => Extreme(c, x, largest: false)),
        ["Any"] = With((c, x) => c.Graph.ReduceAny(c.Graph.Cast(x, DType.Bool), c.Axes(x), Keep(c))),
        ["Argmax"] = With((c, x) => ArgExtreme(c, x, largest: true)),
        ["Argmin"] = With((c, x) => ArgExtreme(c, x, largest: false)),
        ["Average"] = c => new KerasTensor(Average(c)),
        ["CountNonzero"] = With((c, x) => c.Graph.ReduceSum(c.Graph.Cast(c.Graph.Cast(x, DType.Bool), DType.Int32), c.Axes(x))),
        ["Cumprod"] = With((c, x) => Running(c, x, (v, axis) => c.Graph.CumProd(v, axis))),
        ["Cumsum"] = With((c, x) => Running(c, x, (v, axis) => c.Graph.CumSum(v, axis))),
        ["Max"] = With((c, x) => Extreme(c, x, largest: true)),
        ["Mean"] = With((c, x) => Mean(c.Graph, x, c.Axes(x), Keep(c))),
        ["Min"] = With((c, x) => Extreme(c, x, largest: false)),
        ["Nanargmax"] = With((c, x) => NanArgExtreme(c, x, largest: true)),
        ["Nanargmin"] = With((c, x) => NanArgExtreme(c, x, largest: false)),
        ["Nancumprod"] = With((c, x) => Running(c, Without(c, x, 1), (v, axis) => c.Graph.CumProd(v, axis))),
        ["Nancumsum"] = With((c, x) => Running(c, Without(c, x, 0), (v, axis) => c.Graph.CumSum(v, axis))),
        ["Nanmax"] = With((c, x) => NanExtreme(c, x, largest: true)),
        ["Nanmean"] = With((c, x) => NanMean(c, ToFloating(c.Graph, x), Keep(c))),
        ["Nanmin"] = With((c, x) => NanExtreme(c, x, largest: false)),
        ["Nanprod"] = With((c, x) => Product(c, Without(c, x, 1))),
        ["Nanstd"] = With((c, x) => c.Graph.Sqrt(NanVariance(c, ToFloating(c.Graph, x)))),
        ["Nansum"] = With((c, x) => Sum(c, Without(c, x, 0))),
        ["Nanvar"] = With((c, x) => NanVariance(c, ToFloating(c.Graph, x))),
        ["Prod"] = With(Product),
        ["Ptp"] = With((c, x) => c.Graph.Sub(c.Graph.ReduceMax(x, c.Axes(x), Keep(c)), c.Graph.ReduceMin(x, c.Axes(x), Keep(c)))),
        ["Std"] = Floating((c, x) => c.Graph.Sqrt(Variance(c.Graph, x, c.Axes(x), Keep(c)))),
        ["Sum"] = With(Sum),
        ["Var"] = Floating((c, x) => Variance(c.Graph, x, c.Axes(x), Keep(c))),
    };

    /// <summary>The mean; of integers in float32, of 16-bit floats in float32 and rounded.</summary>
    internal static Value Mean(GraphBuilder g, Value x, int[] axes, bool keep)
    {
        DType precise = TypePromotion.Result(x.DType, DType.Float32);
        Value mean = g.ReduceMean(g.Cast(x, precise), axes, keep);
        return x.DType.IsFloating() ? g.Cast(mean, x.DType) : mean;
    }

    /// <summary>The population variance.</summary>
    internal static Value Variance(GraphBuilder g, Value x, int[] axes, bool keep)
    {
        Value wide = g.Cast(x, TypePromotion.Result(x.DType, DType.Float32));
        Value difference = g.Sub(wide, g.ReduceMean(wide, axes, keepDims: true));
        return g.Cast(g.ReduceMean(g.Square(difference), axes, keep), x.DType);
    }

    private static bool Keep(OperationCall c) => c.Flag("keepdims");

    /// <summary>Small integers and flags are summed as int32, small unsigned ones as uint32.</summary>
    private static Value Summable(GraphBuilder g, Value x) => x.DType switch
    {
        DType.Bool or DType.Int8 or DType.Int16 => g.Cast(x, DType.Int32),
        DType.UInt8 or DType.UInt16 => g.Cast(x, DType.UInt32),
        _ => x,
    };

    private static Value Sum(OperationCall c, Value x) => c.Graph.ReduceSum(Summable(c.Graph, x), c.Axes(x), Keep(c));

    private static Value Product(OperationCall c, Value x)
    {
        Value numbers = c.Type("dtype") is { } type ? c.Graph.Cast(x, type) : Summable(c.Graph, x);
        return c.Graph.ReduceProd(numbers, c.Axes(x), Keep(c));
    }

    private static Value Extreme(OperationCall c, Value x, bool largest)
    {
        GraphBuilder g = c.Graph;
        Value numbers = x.DType == DType.Bool ? g.Cast(x, DType.Int32) : x;
        Value y = largest ? g.ReduceMax(numbers, c.Axes(x), Keep(c)) : g.ReduceMin(numbers, c.Axes(x), Keep(c));
        if (c.NumberOrNull("initial") is { } initial)
        {
            y = largest ? g.Maximum(y, initial) : g.Minimum(y, initial);
        }

        return g.Cast(y, x.DType);
    }

    /// <summary>The place of the first extreme, int32; without an axis in the flattened tensor.</summary>
    private static Value ArgExtreme(OperationCall c, Value x, bool largest)
    {
        GraphBuilder g = c.Graph;
        int? axis = c.IntOrNull("axis");
        Value numbers = x.DType == DType.Bool ? g.Cast(x, DType.Int32) : x;
        Value line = axis is null ? g.Reshape(numbers, x.Shape.ElementCount) : numbers;
        Value y = g.Cast(largest ? g.ArgMax(line, axis ?? 0, Keep(c) && axis is not null) : g.ArgMin(line, axis ?? 0, Keep(c) && axis is not null), DType.Int32);
        return axis is null && Keep(c) ? g.Reshape(y, new SymbolicShape(Enumerable.Repeat(Dim.One, x.Rank))) : y;
    }

    private static Value Running(OperationCall c, Value x, Func<Value, int, Value> function)
    {
        GraphBuilder g = c.Graph;
        DType type = c.Type("dtype") ?? x.DType;
        Value numbers = g.Cast(x, type == DType.Bool ? DType.Int32 : type);
        return c.IntOrNull("axis") is { } axis ? function(numbers, axis) : function(g.Reshape(numbers, x.Shape.ElementCount), 0);
    }

    private static Value Average(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value x = c.X;
        if (c.TensorOrNull(1, "weights") is not { } weights)
        {
            x = ToFloating(g, x);
            return g.ReduceMean(x, c.Axes(x));
        }

        DType type = TypePromotion.Result(x.DType, weights.DType, KerasType.Float);
        int[] axes = c.Axes(x);
        (x, weights) = (g.Cast(x, type), g.Cast(weights, type));
        if (weights.Rank != x.Rank)
        {
            // One weight for each step along the axis.
            weights = g.Reshape(weights, new SymbolicShape(x.Shape.Select((d, axis) => axis == axes[0] ? d : Dim.One)));
        }

        return g.Div(g.ReduceSum(g.Mul(x, weights), axes), g.ReduceSum(weights, axes));
    }

    private static Value Without(OperationCall c, Value x, double number) => x.DType.IsFloating() ? Replaced(c.Graph, x, number) : x;

    private static Value Replaced(GraphBuilder g, Value x, double number) => g.Where(g.IsNaN(x), g.Scalar(number, x.DType), x);

    private static Value AllNan(OperationCall c, Value x) => c.Graph.ReduceAll(c.Graph.IsNaN(x), c.Axes(x), Keep(c));

    private static Value NanExtreme(OperationCall c, Value x, bool largest)
    {
        GraphBuilder g = c.Graph;
        return x.DType.IsFloating()
            ? g.Where(AllNan(c, x), g.Scalar(double.NaN, x.DType), Extreme(c, Replaced(g, x, largest ? double.NegativeInfinity : double.PositiveInfinity), largest))
            : Extreme(c, x, largest);
    }

    /// <summary>−1 where all numbers are NaN.</summary>
    private static Value NanArgExtreme(OperationCall c, Value x, bool largest)
    {
        GraphBuilder g = c.Graph;
        return x.DType.IsFloating()
            ? g.Where(AllNan(c, x), g.Scalar(-1, DType.Int32), ArgExtreme(c, Replaced(g, x, largest ? double.NegativeInfinity : double.PositiveInfinity), largest))
            : ArgExtreme(c, x, largest);
    }

    private static Value NanMean(OperationCall c, Value x, bool keep)
    {
        GraphBuilder g = c.Graph;
        Value count = g.ReduceSum(g.Cast(g.Not(g.IsNaN(x)), x.DType), c.Axes(x), keep);
        return g.Div(g.ReduceSum(Replaced(g, x, 0), c.Axes(x), keep), count);
    }

    private static Value NanVariance(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        return NanMean(c, g.Square(g.Sub(x, NanMean(c, x, keep: true))), Keep(c));
    }
}
