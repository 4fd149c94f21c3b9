using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.linalg</c>, on the matrices of the last two axes.</summary>
internal static class LinalgOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["Cholesky"] = Floating((c, x) => c.Graph.Cholesky(x, c.Flag("upper"))),
        ["CholeskyInverse"] = Floating(CholeskyInverse),
        ["Det"] = Floating((g, x) => g.Det(x)),
        ["Eig"] = Eigen,
        ["Eigh"] = c => Pair(c.Graph.Eigh(ToFloating(c.Graph, c.X))),
        ["Inv"] = Floating((g, x) => g.Inverse(x)),
        ["Logdet"] = Floating((g, x) => g.SlogDet(x).LogAbs),
        ["Lstsq"] = c => new KerasTensor(LeastSquares(c)),
        ["LuFactor"] = LowerUpper,
        ["MatrixPower"] = Floating(Power),
        ["MatrixRank"] = Floating(Rank),
        ["Norm"] = Floating(Norm),
        ["Pinv"] = Floating(PseudoInverse),
        ["Qr"] = c => Pair(c.Graph.QR(ToFloating(c.Graph, c.X), c.Text("mode", "reduced") == "complete")),
        ["Slogdet"] = c => Pair(c.Graph.SlogDet(ToFloating(c.Graph, c.X))),
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
        (Value real, Value imaginary, Value vectorsReal, Value vectorsImaginary) = c.Graph.Eig(ToFloating(c.Graph, c.X));
        return Structure.Of([new KerasTensor(real, Imaginary: imaginary), new KerasTensor(vectorsReal, Imaginary: vectorsImaginary)]);
    }

    private static Value Solved(OperationCall c, Func<Value, Value, Value> solve)
    {
        (Value a, Value b) = c.Promote(c.Operand(0, "a"), c.Operand(1, "b"), KerasType.Float);
        return solve(a, b);
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
        bool known = axes.Length != 2 || order is null or 1 or -1 or 2 or -2 or double.PositiveInfinity or double.NegativeInfinity;
        if (!known || name is not (null or "fro" or "nuc" or "inf" or "-inf"))
        {
            throw c.Call.Fail($"ord {c.Parameter("ord")} over {axes.Length} axes", "an order that Keras knows");
        }

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
        x = n < 0 ? g.Inverse(x) : x;
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
        double size = Math.Max(x.Shape[-1].Value, x.Shape[-2].Value);
        return c.Graph.Pinv(x, c.NumberOrNull("rcond") ?? 10 * size * Precision(x.DType));
    }

    private static Value LeastSquares(OperationCall c)
    {
        (Value a, Value b) = c.Promote(c.Operand(0, "a"), c.Operand(1, "b"), KerasType.Float);
        return c.Graph.Lstsq(a, b, c.NumberOrNull("rcond"));
    }

    private static Structure Pair((Value First, Value Second) values) => Several([values.First, values.Second]);

    /// <summary>The factors in one matrix, and where each row of the matrix went: Keras on TensorFlow gives places, not exchanges.</summary>
    private static Structure LowerUpper(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value lu, Value pivots) = g.Lu(ToFloating(g, c.X));
        int n = pivots.Shape[-1].ValueOrNull ?? throw c.Call.Fail($"a matrix of open size {lu.Shape}", "a known size");
        Value rows = g.Range(n, DType.Int64), all = rows;
        for (int i = 0; i < n; i++)
        {
            Value other = g.Cast(g.Select(pivots, 0, i), DType.Int64);
            Value exchanged = g.Where(g.Equal(all, i), other, g.Where(g.Equal(all, other), g.Scalar(i, DType.Int64), all));
            rows = g.Gather(rows, exchanged, 0);
        }

        return Several([lu, g.Cast(g.ArgSort(rows, 0), DType.Int32)]);
    }
}
