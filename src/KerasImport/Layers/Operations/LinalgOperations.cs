using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.linalg</c>, on the matrices of the last two axes.</summary>
internal static class LinalgOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["Cholesky"] = Floating((c, x) => c.Flag("upper") ? c.Graph.SwapAxes(c.Graph.Cholesky(x), -1, -2) : c.Graph.Cholesky(x)),
        ["CholeskyInverse"] = Floating(CholeskyInverse),
        ["Det"] = Floating((g, x) => g.Det(x)),
        ["Eig"] = Eigen,
        ["Eigh"] = c => c.Graph.Eigh(ToFloating(c.Graph, c.X)) is var (values, vectors) ? Several([values, vectors]) : null!,
        ["Inv"] = Floating((g, x) => g.Solve(x, Identity(g, x))),
        ["Logdet"] = Floating((g, x) => g.SlogDet(x).LogAbs),
        ["Lstsq"] = c => new KerasTensor(LeastSquares(c)),
        ["LuFactor"] = c => c.Graph.Lu(ToFloating(c.Graph, c.X)) is var (lu, pivots) ? Several([lu, c.Graph.Cast(pivots, DType.Int32)]) : null!,
        ["MatrixPower"] = Floating(Power),
        ["MatrixRank"] = Floating(Rank),
        ["Norm"] = Floating(Norm),
        ["Pinv"] = Floating(PseudoInverse),
        ["Qr"] = c => c.Graph.QR(ToFloating(c.Graph, c.X), c.Text("mode", "reduced") == "complete") is var (q, r) ? Several([q, r]) : null!,
        ["Slogdet"] = c => c.Graph.SlogDet(ToFloating(c.Graph, c.X)) is var (sign, log) ? Several([sign, log]) : null!,
        ["Solve"] = c => new KerasTensor(Solved(c, (a, b) => c.Graph.Solve(a, b))),
        ["SolveTriangular"] = c => new KerasTensor(Solved(c, (a, b) => c.Graph.TriangularSolve(a, b, c.Flag("lower")))),
        ["SVD"] = Singular,
    };

    /// <summary>The p-norm of vectors.</summary>
    internal static Value VectorNorm(GraphBuilder g, Value x, double order, int[] axes, bool keep) => order switch
    {
        2 => g.Sqrt(g.ReduceSum(g.Square(x), axes, keep)),
        1 => g.ReduceSum(g.Abs(x), axes, keep),
        0 => g.ReduceSum(g.Cast(g.NotEqual(x, 0), x.DType), axes, keep),
        double.PositiveInfinity => g.ReduceMax(g.Abs(x), axes, keep),
        double.NegativeInfinity => g.ReduceMin(g.Abs(x), axes, keep),
        _ => g.Pow(g.ReduceSum(g.Pow(g.Abs(x), order), axes, keep), 1 / order),
    };

    /// <summary>The solution of a·x = b.</summary>
    internal static Value Solve(GraphBuilder g, Value a, Value b) => g.Solve(a, b);

    private static Value Identity(GraphBuilder g, Value x) => g.Expand(g.Eye(x.Shape[-1], null, 0, x.DType), x.Shape);

    private static Value CholeskyInverse(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        bool upper = c.Flag("upper");
        Value inverse = g.TriangularSolve(x, Identity(g, x), !upper), transposed = g.SwapAxes(inverse, -1, -2);
        return upper ? g.MatMul(inverse, transposed) : g.MatMul(transposed, inverse);
    }

    private static Structure Eigen(OperationCall c)
    {
        (Value values, Value valuesImaginary, Value vectors, Value vectorsImaginary) = c.Graph.Eig(ToFloating(c.Graph, c.X));
        return Structure.Of([new KerasTensor(values, Imaginary: valuesImaginary), new KerasTensor(vectors, Imaginary: vectorsImaginary)]);
    }

    private static Value Solved(OperationCall c, Func<Value, Value, Value> solve)
    {
        GraphBuilder g = c.Graph;
        (Value a, Value b) = c.Promote(c.Operand(0, "a"), c.Operand(1, "b"), KerasType.Float);
        return b.Rank == a.Rank - 1 ? g.Squeeze(solve(a, g.ExpandDims(b, -1)), -1) : solve(a, b);
    }

    private static Structure Singular(OperationCall c)
    {
        (Value u, Value s, Value vt) = c.Graph.SVD(ToFloating(c.Graph, c.X), c.Flag("full_matrices", true));
        return c.Flag("compute_uv", true) ? Several([u, s, vt]) : new KerasTensor(s);
    }

    private static Value Norm(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] axes = c.Axes(x);
        bool keep = c.Flag("keepdims");
        string? name = c.Parameter("ord") is Newtonsoft.Json.Linq.JValue { Value: string text } ? text : null;
        double? order = name is null or "inf" or "-inf" ? c.NumberOrNull("ord") : null;
        if (axes.Length != 2)
        {
            return VectorNorm(g, x, order ?? 2, axes, keep);
        }

        if (name == "nuc" || order is 2 or -2)
        {
            Value values = g.SVD(g.MoveAxis(g.MoveAxis(x, axes[0], -1), axes[1] > axes[0] ? axes[1] - 1 : axes[1], -1), false).S;
            Value y = name == "nuc" ? g.ReduceSum(values, [-1]) : order == 2 ? g.ReduceMax(values, [-1]) : g.ReduceMin(values, [-1]);
            return keep ? g.Reshape(y, new SymbolicShape(x.Shape.Select((d, a) => axes.Contains(a) ? Dim.One : d))) : y;
        }

        if (order is null)
        {
            return VectorNorm(g, x, 2, axes, keep);
        }

        // The largest, or with a negative order the smallest, sum of a column (1) or a row (∞).
        (int summed, int other) = Math.Abs(order.Value) == 1 ? (axes[0], axes[1]) : (axes[1], axes[0]);
        Value sums = g.ReduceSum(g.Abs(x), [summed], keepDims: true);
        Value extreme = order > 0 ? g.ReduceMax(sums, [other], keepDims: true) : g.ReduceMin(sums, [other], keepDims: true);
        return keep ? extreme : g.Reshape(extreme, new SymbolicShape(x.Shape.Where((_, a) => !axes.Contains(a))));
    }

    private static Value Power(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int n = c.Int("n", 1);
        x = n < 0 ? g.Solve(x, Identity(g, x)) : x;
        Value y = Identity(g, x);
        for (int i = 0; i < Math.Abs(n); i++)
        {
            y = g.MatMul(y, x);
        }

        return y;
    }

    private static double Precision(DType type) => type == DType.Float64 ? 2.220446049250313e-16 : 1.1920929e-07;

    private static Value Rank(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Value s = g.SVD(x, false).S;
        double size = Math.Max(x.Shape[-1].Value, x.Shape[-2].Value);
        Value least = c.NumberOrNull("tol") is { } tolerance
            ? g.Scalar(tolerance, x.DType)
            : g.Mul(g.ReduceMax(s, [-1], keepDims: true), size * Precision(x.DType));
        return g.ReduceSum(g.Cast(g.Greater(s, least), DType.Int32), [-1]);
    }

    private static Value PseudoInverse(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        (Value u, Value s, Value vt) = g.SVD(x, false);
        double size = Math.Max(x.Shape[-1].Value, x.Shape[-2].Value), relative = c.NumberOrNull("rcond") ?? 10 * size * Precision(x.DType);
        Value keep = g.Greater(s, g.Mul(g.ReduceMax(s, [-1], keepDims: true), relative));
        Value inverse = g.Where(keep, g.Reciprocal(g.Where(keep, s, g.Scalar(1, s.DType))), g.Scalar(0, s.DType));
        return g.MatMul(g.Mul(g.SwapAxes(vt, -1, -2), g.ExpandDims(inverse, -2)), g.SwapAxes(u, -1, -2));
    }

    private static Value LeastSquares(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value a, Value b) = c.Promote(c.Operand(0, "a"), c.Operand(1, "b"), KerasType.Float);
        bool vector = b.Rank == 1;
        b = vector ? g.ExpandDims(b, -1) : b;
        (Value u, Value s, Value vt) = g.SVD(a, false);
        double relative = c.NumberOrNull("rcond") ?? Precision(a.DType) * Math.Max(a.Shape[0].Value, a.Shape[1].Value);
        Value keep = g.GreaterEqual(s, g.Mul(g.Select(s, 0, 0), relative));
        Value inverse = g.Where(keep, g.Reciprocal(g.Where(keep, s, g.Scalar(1, s.DType))), g.Scalar(0, s.DType));
        Value x = g.MatMul(g.Transpose(vt, [1, 0]), g.Mul(g.ExpandDims(inverse, -1), g.MatMul(g.Transpose(u, [1, 0]), b)));
        return vector ? g.Squeeze(x, -1) : x;
    }
}
