using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Special functions and number theory, which ONNX lacks.</summary>
internal static class SpecialDecompositions
{
    /// <summary>Euclid's algorithm takes at most so many steps for 64-bit integers (G. Lamé).</summary>
    private const int EuclidSteps = 92;

    /// <summary>From here on erf is 1 in float64, and so many terms of its series count up to here.</summary>
    private const int ErfLimit = 6, ErfTerms = 140;

    /// <summary>M. Giles, Approximating the erfinv function (2010): polynomials in w = −log(1 − x²), for w below 5 and from there on.</summary>
    private static readonly double[] ErfinvCentral =
        [2.81022636e-08, 3.43273939e-07, -3.5233877e-06, -4.39150654e-06, 0.00021858087, -0.00125372503, -0.00417768164, 0.246640727, 1.50140941];

    private static readonly double[] ErfinvTail =
        [-0.000200214257, 0.000100950558, 0.00134934322, -0.00367342844, 0.00573950773, -0.0076224613, 0.00943887047, 1.00167406, 2.83297682];

    /// <summary>M. Abramowitz and I. Stegun 9.8.1, in (x/3.75)².</summary>
    private static readonly double[] BesselCentral = [0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1];

    /// <summary>9.8.2, in 3.75/x, times e^x/√x.</summary>
    private static readonly double[] BesselTail =
        [0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565, 0.00225319, 0.01328592, 0.39894228];

    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.Of<Gcd>((d, _) => Gcd(d.G, d[0], d[1])),
        DecompositionEntry.Of<Lcm>((d, _) => Lcm(d)),
        DecompositionEntry.Of<Erf>((d, _) => d.DType == DType.Float64 ? Erf(d) : null),
        DecompositionEntry.Of<Erfinv>((d, _) => Erfinv(d)),
        DecompositionEntry.Of<BesselI0>((d, _) => BesselI0(d)),
        DecompositionEntry.Of<NextAfter>((d, _) => NextAfter(d)),
    ];

    /// <summary>Neighbours of one sign are neighbours as whole numbers, too.</summary>
    private static Value NextAfter(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value a = d[0], b = g.Cast(d[1], a.DType), zero = d.Scalar(0);
        DType bits = a.DType switch { DType.Float16 => DType.Int16, DType.Float32 => DType.Int32, _ => DType.Int64 };
        Value up = g.Less(a, b), step = g.Where(g.Equal(g.Less(zero, a), up), g.Scalar(1, DType.Int64), g.Scalar(-1, DType.Int64));
        Value next = g.BitCast(g.Cast(g.Add(g.Cast(g.BitCast(a, bits), DType.Int64), step), bits), a.DType);
        Value smallest = g.BitCast(g.Scalar(1, bits), a.DType);
        Value moved = g.Where(g.Equal(a, zero), g.Where(up, smallest, g.Neg(smallest)), next);
        Value sum = g.Add(a, b);
        return g.Where(g.IsNaN(sum), g.Where(g.Or(g.IsNaN(a), g.IsNaN(b)), sum, moved), g.Where(g.Equal(a, b), b, moved));
    }

    private static Value Gcd(GraphBuilder g, Value a, Value b)
    {
        Value first = g.Abs(g.Add(a, g.Mul(b, g.Scalar(0, b.DType)))), second = g.Abs(g.Add(b, g.Mul(a, g.Scalar(0, a.DType))));
        var body = new GraphBuilder();
        Value x = body.Input("a", first.DType, first.Shape), y = body.Input("b", first.DType, first.Shape), step = body.Input("step", first.DType, new SymbolicShape(1));
        Value done = body.Equal(y, 0), one = body.Scalar(1, first.DType);
        Value rest = body.Apply(new Mod(), x, body.Where(done, one, y));
        Graph graph = body.Build([x, y, step], [body.Where(done, x, y), body.Where(done, y, rest)]);
        return g.Scan(graph, [first, second], [g.Zeros(new SymbolicShape(1, EuclidSteps), first.DType)]).States[0];
    }

    private static Value Lcm(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value divisor = Gcd(g, d[0], d[1]), none = g.Equal(divisor, 0);
        return g.Abs(g.Mul(g.Apply(new TruncDiv(), d[0], g.Where(none, d.Scalar(1), divisor)), d[1]));
    }

    /// <summary>In float64, which ONNX Runtime lacks, by E. Kummer's series 2/√π · x · e^−x² · Σ (2x²)ⁿ / (1·3·…·(2n + 1)).</summary>
    private static Value Erf(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value flat = g.Reshape(d[0], new SymbolicShape(d[0].Shape.ElementCount)), x = g.Maximum(g.Minimum(flat, ErfLimit), -ErfLimit), square = g.Mul(x, x);
        var body = new GraphBuilder();
        Value term = body.Input("term", x.DType, x.Shape), sum = body.Input("sum", x.DType, x.Shape), factor = body.Input("factor", x.DType, new SymbolicShape(1)), squares = body.Input("square", x.DType, x.Shape);
        Value next = body.Mul(term, body.Mul(squares, factor));
        Graph graph = body.Build([term, sum, factor, squares], [next, body.Add(sum, next)]);
        Value one = g.Full(x.Shape, 1, x.DType), factors = g.Constant(Tensor.From([.. Enumerable.Range(1, ErfTerms).Select(n => 2.0 / ((2 * n) + 1))], 1, ErfTerms));
        Value series = g.Scan(graph, [one, one], [factors], [square]).States[1];
        return g.Reshape(g.Mul(g.Mul(g.Mul(x, 2 / Math.Sqrt(Math.PI)), g.Exp(g.Neg(square))), series), d[0].Shape);
    }

    private static Value Erfinv(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value x = d[0], one = d.Scalar(1);
        Value w = g.Neg(g.Log(g.Mul(g.Sub(one, x), g.Add(one, x))));
        Value central = g.Less(w, 5);
        Value near = Polynomial(g, ErfinvCentral, g.Sub(g.Where(central, w, d.Scalar(0)), 2.5));
        Value far = Polynomial(g, ErfinvTail, g.Sub(g.Sqrt(g.Where(central, d.Scalar(9), w)), 3));
        Value inside = g.Mul(g.Where(central, near, far), x);
        return g.Where(g.Equal(g.Abs(x), 1), g.Mul(x, double.PositiveInfinity), inside);
    }

    private static Value BesselI0(Decomposition d)
    {
        GraphBuilder g = d.G;
        Value x = g.Abs(d[0]), t = g.Mul(x, 1 / 3.75), safe = g.Maximum(t, 1);
        Value near = Polynomial(g, BesselCentral, g.Mul(t, t));
        Value far = g.Mul(g.Div(g.Exp(x), g.Sqrt(g.Mul(safe, 3.75))), Polynomial(g, BesselTail, g.Reciprocal(safe)));
        return g.Where(g.Less(x, 3.75), near, far);
    }

    /// <summary>By W. Horner's scheme, the highest power's factor first.</summary>
    private static Value Polynomial(GraphBuilder g, double[] factors, Value x) =>
        factors[1..].Aggregate(g.Scalar(factors[0], x.DType), (sum, factor) => g.Add(g.Mul(sum, x), factor));
}
