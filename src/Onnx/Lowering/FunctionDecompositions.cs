using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Functions that ONNX lacks.</summary>
internal static class FunctionDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.Of<Erfc>((d, _) => d.G.Sub(d.Scalar(1), d.G.Erf(d[0]))),
        DecompositionEntry.Of<Cbrt>((d, _) => d.G.Mul(d.G.Sign(d[0]), d.G.Pow(d.G.Abs(d[0]), 1.0 / 3))),
        DecompositionEntry.Of<CopySign>((d, _) => d.G.Where(d.G.Less(d[1], 0), d.G.Neg(d.G.Abs(d[0])), d.G.Abs(d[0]))),
        DecompositionEntry.Of<Exp2>((d, _) => d.G.Pow(d.Scalar(2), d[0])),
        DecompositionEntry.Of<Log2>((d, _) => d.G.Mul(d.G.Log(d[0]), 1 / Math.Log(2))),
        DecompositionEntry.Of<Log10>((d, _) => d.G.Mul(d.G.Log(d[0]), 1 / Math.Log(10))),
        DecompositionEntry.Of<Heaviside>((d, _) => d.G.Where(d.G.Equal(d[0], 0), d[1], d.G.Mul(d.G.Add(d.G.Sign(d[0]), 1), 0.5))),
        DecompositionEntry.Of<Hypot>((d, _) => Hypot(d)),
        DecompositionEntry.Of<LogAddExp>((d, _) => d.G.Add(d.G.Maximum(d[0], d[1]), d.G.Softplus(d.G.Neg(d.G.Abs(d.G.Sub(d[0], d[1])))))),
        DecompositionEntry.Of<Atan2>((d, _) => Atan2(d)),
        DecompositionEntry.Of<Log1p>((d, _) => Log1p(d)),
        DecompositionEntry.Of<Expm1>((d, _) => Expm1(d)),
    ];

    /// <summary>The larger side times the root of 1 + ratio², which does not overflow.</summary>
    private static Value Hypot(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value a = g.Abs(d[0]), b = g.Abs(d[1]), larger = g.Maximum(a, b), smaller = g.Minimum(a, b);
        Value ratio = g.Div(smaller, g.Where(g.Equal(larger, 0), d.Scalar(1), larger));
        return g.Mul(larger, g.Sqrt(g.Add(g.Mul(ratio, ratio), 1)));
    }

    private static Value Atan2(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value y = d[0], x = d[1];
        Value angle = g.Atan(g.Div(y, x));
        Value turned = g.Where(g.Less(y, 0), g.Sub(angle, Math.PI), g.Add(angle, Math.PI));
        Value upright = g.Mul(g.Sign(y), Math.PI / 2);
        return g.Where(g.Equal(x, 0), upright, g.Where(g.Less(x, 0), turned, angle));
    }

    /// <summary>W. Kahan's: with u = 1 + x rounded, log(u) · x / (u − 1) has the error of u on both sides.</summary>
    private static Value Log1p(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value u = g.Add(d[0], 1), rounded = g.Sub(u, 1);
        Value exact = g.Or(g.Equal(rounded, 0), g.Equal(rounded, d[0]));
        Value safe = g.Where(exact, d.Scalar(1), rounded);
        return g.Where(g.Equal(rounded, 0), d[0], g.Mul(g.Log(u), g.Where(exact, d.Scalar(1), g.Div(d[0], safe))));
    }

    /// <summary>Near zero <c>2·tanh(x/2) / (1 − tanh(x/2))</c>, which loses no digits.</summary>
    private static Value Expm1(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value near = g.Less(g.Abs(d[0]), 0.5);
        Value t = g.Tanh(g.Mul(g.Where(near, d[0], d.Scalar(0)), 0.5));
        return g.Where(near, g.Div(g.Mul(t, 2), g.Sub(d.Scalar(1), t)), g.Sub(g.Exp(d[0]), 1));
    }
}
