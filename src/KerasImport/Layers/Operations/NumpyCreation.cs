using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.numpy</c> that make tensors of shapes or of few numbers.</summary>
internal static class NumpyCreation
{
    public static OperationSet Table { get; } = new()
    {
        ["Arange"] = c => new KerasTensor(Arange(c)),
        ["Array"] = With((c, x) => c.Graph.Cast(x, c.Type("dtype") ?? x.DType)),
        ["EmptyLike"] = With((c, x) => c.Graph.Zeros(x.Shape, c.Type("dtype") ?? x.DType)),
        ["Full"] = c => new KerasTensor(c.Graph.Expand(c.Operand(0, "fill_value").In(c.Graph, c.Type("dtype") ?? DType.Float32), c.Shape(-1))),
        ["FullLike"] = With((c, x) => c.Graph.Expand(c.Operand(1, "fill_value").In(c.Graph, c.Type("dtype") ?? x.DType), x.Shape)),
        ["Geomspace"] = c => new KerasTensor(GeomSpace(c)),
        ["Linspace"] = LinSpace,
        ["Logspace"] = c => new KerasTensor(LogSpace(c)),
        ["OnesLike"] = With((c, x) => c.Graph.Full(x.Shape, 1, c.Type("dtype") ?? x.DType)),
        ["Vander"] = With(Vander),
        ["ZerosLike"] = With((c, x) => c.Graph.Full(x.Shape, 0, c.Type("dtype") ?? x.DType)),
    };

    private static Value Arange(OperationCall c)
    {
        Operand first = c.Operand(0, "start");
        Operand? stop = c.OperandOrNull(1, "stop"), step = c.OperandOrNull(2, "step");
        if (first.Tensor is not null || stop?.Tensor is not null || step?.Tensor is not null)
        {
            throw new UnsupportedModelException(c.Config.Place, "Arange of tensors", "numbers");
        }

        (double start, double limit) = stop is { } s ? (first.Number, s.Number) : (0, first.Number);
        DType type = c.Type("dtype") ?? TypePromotion.Result([first.Type, stop?.Type ?? KerasType.Int, step?.Type ?? KerasType.Int]);
        return c.Graph.Range(start, limit, step?.Number ?? 1, type);
    }

    private static Structure LinSpace(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value start, Value stop) = Ends(c);
        Value line = Line(c, start, stop);
        if (!c.Flag("retstep"))
        {
            return new KerasTensor(line);
        }

        int steps = c.Int("num", 50) - (c.Flag("endpoint", true) ? 1 : 0);
        return Several([line, g.Div(g.Sub(stop, start), steps)]);
    }

    private static Value LogSpace(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value start, Value stop) = Ends(c);
        Value powers = Line(c, start, stop);
        return g.Pow(g.Scalar(c.Number("base", 10), powers.DType), powers);
    }

    private static Value GeomSpace(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value start, Value stop) = Ends(c);
        Value powers = Line(c, Decimal(start), Decimal(stop));
        Value sizes = g.Pow(g.Scalar(10, powers.DType), powers);
        return g.Mul(sizes, g.ExpandDims(g.Sign(start), c.Int("axis", 0)));

        Value Decimal(Value x) => g.Div(g.Log(g.Abs(x)), Math.Log(10));
    }

    private static (Value Start, Value Stop) Ends(OperationCall c)
    {
        Operand start = c.Operand(0, "start"), stop = c.Operand(1, "stop");
        DType type = c.Type("dtype") is { } given && given.IsFloating() ? given : TypePromotion.Result(start.Type, stop.Type, KerasType.Float);
        return (start.In(c.Graph, type), stop.In(c.Graph, type));
    }

    /// <summary><c>start + i · (stop − start) / (num − 1)</c> along a new axis; the end itself is exact.</summary>
    private static Value Line(OperationCall c, Value start, Value stop)
    {
        GraphBuilder g = c.Graph;
        int count = c.Int("num", 50);
        bool endpoint = c.Flag("endpoint", true);
        int steps = endpoint ? Math.Max(count - 1, 1) : Math.Max(count, 1);
        int rank = Math.Max(start.Rank, stop.Rank), axis = c.Int("axis", 0) is var given && given < 0 ? given + rank + 1 : given;
        (start, stop) = (Along(start), Along(stop));
        Value i = g.Reshape(g.Range(count, start.DType), new SymbolicShape(Enumerable.Range(0, rank + 1).Select(a => a == axis ? (Dim)count : Dim.One)));
        Value line = g.Add(start, g.Mul(g.Div(g.Sub(stop, start), steps), i));
        line = endpoint && count > 1 ? g.Where(g.Equal(i, count - 1), stop, line) : line;
        return c.Type("dtype") is { } type && type.IsInteger() ? g.Cast(g.Floor(line), type) : line;

        Value Along(Value x)
        {
            while (x.Rank < rank)
            {
                x = g.ExpandDims(x, 0);
            }

            return g.ExpandDims(x, axis);
        }
    }

    private static Value Vander(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Dim count = c.IntOrNull("N") is { } n ? n : x.Shape[0];
        DType precise = TypePromotion.Result(x.DType, DType.Float32);
        Value powers = g.Range(count, precise);
        powers = c.Flag("increasing") ? powers : g.Reverse(powers, 0);
        return g.Cast(g.Pow(g.Cast(g.ExpandDims(x, -1), precise), powers), x.DType);
    }
}
