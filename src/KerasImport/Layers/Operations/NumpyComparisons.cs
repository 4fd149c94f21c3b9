using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The comparisons, truth values and choices of <c>keras.ops.numpy</c>, element by element.</summary>
internal static class NumpyComparisons
{
    public static OperationSet Table { get; } = new()
    {
        ["AllClose"] = c => new KerasTensor(c.Graph.ReduceAll(IsClose(c, c.Number("rtol", 1e-5), c.Number("atol", 1e-8)))),
        ["Equal"] = Strict((g, a, b) => g.Equal(a, b)),
        ["Greater"] = Strict((g, a, b) => g.Greater(a, b)),
        ["GreaterEqual"] = Strict((g, a, b) => g.GreaterEqual(a, b)),
        ["IsIn"] = c => new KerasTensor(IsIn(c)),
        ["Isclose"] = c => new KerasTensor(IsClose(c, Tolerance(c, 2, "rtol", 1e-5), Tolerance(c, 3, "atol", 1e-8))),
        ["Isfinite"] = Test((g, x) => g.IsFinite(x), ofIntegers: true),
        ["Isinf"] = Test((g, x) => g.IsInf(x)),
        ["Isnan"] = Test((g, x) => g.IsNaN(x)),
        ["Isneginf"] = Test((g, x) => g.IsInf(x, negative: true, positive: false)),
        ["Isposinf"] = Test((g, x) => g.IsInf(x, negative: false, positive: true)),
        ["Less"] = Strict((g, a, b) => g.Less(a, b)),
        ["LessEqual"] = Strict((g, a, b) => g.LessEqual(a, b)),
        ["LogicalAnd"] = Logical((g, a, b) => g.And(a, b)),
        ["LogicalNot"] = Plain((g, x) => g.Not(g.Cast(x, DType.Bool))),
        ["LogicalOr"] = Logical((g, a, b) => g.Or(a, b)),
        ["LogicalXor"] = Logical((g, a, b) => g.Xor(a, b)),
        ["NotEqual"] = Strict((g, a, b) => g.NotEqual(a, b)),
        ["Select"] = c => new KerasTensor(Select(c)),
        ["Signbit"] = Plain(SignBit),
    };

    private static Value SignBit(GraphBuilder g, Value x) => x.DType switch
    {
        DType.Bool => g.Full(x.Shape, 0, DType.Bool),
        _ when x.DType.IsInteger() => g.Less(x, 0),
        _ => g.Less(g.CopySign(g.Full(x.Shape, 1, x.DType), x), 0),
    };

    private static double Tolerance(OperationCall c, int position, string name, double fallback) =>
        c.OperandOrNull(position, name) is { Tensor: null } given ? given.Number : c.Number(name, fallback);

    private static Value IsClose(OperationCall c, double relative, double absolute)
    {
        GraphBuilder g = c.Graph;
        Operand first = c.Operand(0, "x1"), second = c.Operand(1, "x2");
        DType type = TypePromotion.Result(first.Strong, second.Strong);
        Value a = first.In(g, type), b = second.In(g, type);
        if (!type.IsFloating())
        {
            return g.Equal(a, b);
        }

        Value near = g.LessEqual(g.Abs(g.Sub(a, b)), g.Add(g.Mul(g.Abs(b), relative), absolute));
        Value close = g.Or(g.And(g.And(g.IsFinite(a), g.IsFinite(b)), near), g.Equal(a, b));
        return c.Flag("equal_nan", position: 4) ? g.Or(close, g.And(g.IsNaN(a), g.IsNaN(b))) : close;
    }

    private static Value IsIn(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Operand first = c.Operand(0, "x1"), second = c.Operand(1, "x2");
        DType type = TypePromotion.Result(first.Strong, second.Strong);
        Value x = first.In(g, type), set = second.In(g, type);
        Value found = g.ReduceAny(g.Equal(g.ExpandDims(x, -1), g.Reshape(set, set.Shape.ElementCount)), [-1]);
        return c.Flag("invert") ? g.Not(found) : found;
    }

    private static Value Select(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        IReadOnlyList<Operand> conditions = c.List(0, "condlist"), choices = c.List(1, "choicelist");
        Operand fallback = c.OperandOrNull(2, "default") ?? new Operand(null, 0, KerasType.Int);
        DType type = TypePromotion.Result([.. choices.Select(o => o.Type), fallback.Type]);
        Value y = fallback.In(g, type);
        for (int i = conditions.Count - 1; i >= 0; i--)
        {
            y = g.Where(conditions[i].In(g, DType.Bool), choices[i].In(g, type), y);
        }

        return y;
    }
}
