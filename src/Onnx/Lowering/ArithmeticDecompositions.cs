using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Arithmetic that ONNX lacks, or that is undefined there and defined in numpy.</summary>
internal static class ArithmeticDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.Of<Square>((d, _) => d.G.Mul(d[0], d[0])),
        DecompositionEntry.Of<SquaredDifference>((d, _) =>
        {
            Value difference = d.G.Sub(d[0], d[1]);
            return d.G.Mul(difference, difference);
        }),
        DecompositionEntry.Of<Rsqrt>((d, _) => d.G.Reciprocal(d.G.Sqrt(d[0]))),
        DecompositionEntry.Of<NotEqual>((d, _) => d.G.Not(d.G.Equal(d[0], d[1]))),
        DecompositionEntry.Of<Greater>((d, _) => Numbers(d, d.G.Greater)),
        DecompositionEntry.Of<GreaterEqual>((d, _) => Numbers(d, d.G.GreaterEqual)),
        DecompositionEntry.Of<Less>((d, _) => Numbers(d, d.G.Less)),
        DecompositionEntry.Of<LessEqual>((d, _) => Numbers(d, d.G.LessEqual)),
        DecompositionEntry.Of<IsFinite>((d, _) => d.G.Not(d.G.Or(d.G.IsInf(d[0]), d.G.IsNaN(d[0])))),
        DecompositionEntry.Of<Where>((d, _) => d.DType != DType.Bool ? null : d.G.Or(d.G.And(d[0], d[1]), d.G.And(d.G.Not(d[0]), d[2]))),
        DecompositionEntry.Of<Trunc>((d, _) => d.G.Mul(d.G.Sign(d[0]), d.G.Floor(d.G.Abs(d[0])))),
        DecompositionEntry.Of<FloorDiv>((d, _) => d.DType.IsFloating() ? FloatQuotient(d) : IntegerQuotient(d)),
        DecompositionEntry.Of<Mod>((d, _) => d.DType.IsFloating() ? FloatRemainder(d) : ByAnything(d, d.G.Mod)),
        DecompositionEntry.Of<Fmod>((d, _) => d.DType.IsFloating() ? null : ByAnything(d, d.G.Fmod)),
        DecompositionEntry.Of<TruncDiv>((d, _) => ByAnything(d, d.G.TruncDiv)),
        DecompositionEntry.Of<BitShift>((d, op) => Shift(d, op.Left)),
        DecompositionEntry.Of<OneHot>((d, op) =>
        {
            int axis = op.Axis < 0 ? op.Axis + d[0].Rank + 1 : op.Axis;
            IEnumerable<Dim> places = Enumerable.Range(0, d[0].Rank + 1).Select(i => (Dim)(i == axis ? op.Depth : 1));
            Value range = d.G.Reshape(d.G.Range(op.Depth), new SymbolicShape(places));
            return d.G.Cast(d.G.Equal(d.G.ExpandDims(d[0], axis), range), op.To);
        }),
    ];

    /// <summary>ONNX compares numbers alone.</summary>
    private static Value? Numbers(Decomposition d, Func<Value, Value, Value> compare) =>
        d[0].DType == DType.Bool ? compare(d.G.Cast(d[0], DType.Int32), d.G.Cast(d[1], DType.Int32)) : null;

    /// <summary>From the exact remainder, as numpy: the quotient itself may round up to a whole number.</summary>
    private static Value FloatQuotient(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value rest = g.Fmod(d[0], d[1]), quotient = g.Div(g.Sub(d[0], rest), d[1]);
        Value lower = g.Round(g.Where(Strays(g, rest, d[1]), g.Sub(quotient, 1), quotient));
        return g.Where(g.Equal(d[1], 0), g.Div(d[0], d[1]), lower);
    }

    private static Value FloatRemainder(Decomposition d)
    {
        Value rest = d.G.Fmod(d[0], d[1]);
        return d.G.Where(Strays(d.G, rest, d[1]), d.G.Add(rest, d[1]), rest);
    }

    private static Value? IntegerQuotient(Decomposition d) => Guarded(d, (a, b) =>
    {
        GraphBuilder g = d.G;
        Value quotient = g.Apply(new TruncDiv(), a, b), rest = g.Sub(a, g.Mul(quotient, b));
        return g.Where(Strays(g, rest, b), g.Sub(quotient, 1), quotient);
    });

    /// <summary>A remainder that is not zero and has the other sign.</summary>
    private static Value Strays(GraphBuilder g, Value rest, Value divisor) =>
        g.And(g.Not(g.Equal(rest, 0)), g.Xor(g.Less(rest, 0), g.Less(divisor, 0)));

    /// <summary>Division by zero, which is 0 in numpy and the end of the program elsewhere; null where the divisor is known.</summary>
    private static Value? ByAnything(Decomposition d, Func<Value, Value, Value> divide) => IsKnown(d) ? null : Guarded(d, divide);

    private static Value Guarded(Decomposition d, Func<Value, Value, Value> divide)
    {
        if (IsKnown(d))
        {
            return divide(d[0], d[1]);
        }

        GraphBuilder g = d.G;
        Value zero = g.Equal(d[1], 0);
        return g.Where(zero, d.Scalar(0), divide(d[0], g.Where(zero, g.Constant(Tensor.Scalar(1.0).Cast(d.DType)), d[1])));
    }

    private static bool IsKnown(Decomposition d) =>
        d.Stored(1) is { Length: < 1024 } known && !known.Cast(DType.Int64).As<long>().Span.Contains(0)
        || d[1].Producer is { Op: Where } guard && guard.Inputs[1]?.Constant is not null;

    /// <summary>ONNX shifts unsigned numbers; signed ones are multiplied or divided by a power of two.</summary>
    private static Value Shift(Decomposition d, bool left)
    {
        GraphBuilder g = d.G;
        int width = d.DType == DType.Int64 ? 64 : 32;
        Value outside = g.Or(g.Less(d[1], 0), g.GreaterEqual(d[1], width));
        Value places = g.Minimum(g.Maximum(d[1], 0), width - 2);
        Value power = g.Pow(d.Scalar(2), places);
        Value all = left ? d.Scalar(0) : g.Where(g.Less(d[0], 0), d.Scalar(-1), d.Scalar(0));
        Value shifted = left ? g.Mul(d[0], power) : g.FloorDiv(d[0], power);
        return g.Where(outside, all, shifted);
    }
}
