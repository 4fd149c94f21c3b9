using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>
/// Factorisations that take one step a row, and the systems solved by them. Where this library's executor ends with an error, because a
/// matrix is singular or not positive definite, the numbers here are infinite or none.
/// </summary>
internal static class FactorisationDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.OfAll<Lu>(Lu),
        DecompositionEntry.OfAll<QR>(QR),
        DecompositionEntry.OfAll<Cholesky>(Cholesky),
        DecompositionEntry.OfAll<TriangularSolve>(TriangularSolve),
        DecompositionEntry.OfAll<Solve>((d, _) => Solve(d, () => MatrixSteps.Wide(d, d[1]))),
        DecompositionEntry.OfAll<Inverse>((d, _) => Solve(d, () => MatrixSteps.Identities(d.G, MatrixSteps.Wide(d, d[0]), d[0].Shape[-1].Value))),
    ];

    /// <summary>Row k and the row below it with the largest number in column k change places.</summary>
    /// <returns>The matrices, the pivot's row (batch, 1, m) and its number (batch, 1).</returns>
    private static (Value Swapped, Value Pivot, Value Number) Pivot(MatrixStep s, Value x, Value k)
    {
        GraphBuilder g = s.G;
        Value sizes = g.Where(g.GreaterEqual(s.Rows(x), k), g.Abs(s.Column(x, k)), s.Number(-1));
        Value number = g.Squeeze(g.ArgMax(sizes, 1, keepDims: true), 2);
        Value isPivot = g.Equal(s.Rows(x), g.ExpandDims(number, 2));
        Value pivot = g.ReduceSum(s.Only(isPivot, x), [1], keepDims: true);
        return (s.WithRow(g.Where(isPivot, s.Row(x, k), x), k, pivot), pivot, number);
    }

    private static IReadOnlyList<Value>? Lu(Decomposition d, Lu op)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (n, _))
        {
            return d.Node.Outputs;
        }

        ScanResult result = MatrixSteps.Run(d.G, [MatrixSteps.Wide(d, d[0])], [[.. Enumerable.Range(0, n)]], [], s =>
        {
            GraphBuilder g = s.G;
            Value k = s.At[0];
            (Value x, Value pivot, Value number) = Pivot(s, s.States[0], k);
            Value diagonal = s.Column(pivot, k), none = g.Equal(diagonal, 0), below = g.Greater(s.Rows(x), k);
            Value factors = s.Only(below, g.Div(s.Column(x, k), g.Where(none, s.Number(1), diagonal)));
            Value rest = g.Sub(x, g.Mul(factors, s.Only(g.Greater(s.Columns(x), k), pivot)));
            return [s.WithColumn(rest, k, g.Where(below, factors, s.Column(x, k))), number];
        });
        return MatrixSteps.Narrow(d, result.States[0], result.Outputs[0]);
    }

    /// <summary>By C. Gauss and W. Jordan with partial pivoting.</summary>
    private static IReadOnlyList<Value>? Solve(Decomposition d, Func<Value> right)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (n, _))
        {
            return d.Node.Outputs;
        }

        Value both = d.G.Concat([MatrixSteps.Wide(d, d[0]), right()], 2);
        ScanResult result = MatrixSteps.Run(d.G, [both], [[.. Enumerable.Range(0, n)]], [], s =>
        {
            GraphBuilder g = s.G;
            (Value x, Value pivot, _) = Pivot(s, s.States[0], s.At[0]);
            Value unit = g.Div(pivot, s.Column(pivot, s.At[0]));
            return [s.WithRow(g.Sub(x, g.Mul(s.Column(x, s.At[0]), unit)), s.At[0], unit)];
        });
        return MatrixSteps.Narrow(d, d.G.Slice(result.States[0], 2, n));
    }

    private static IReadOnlyList<Value>? TriangularSolve(Decomposition d, TriangularSolve op)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (n, _))
        {
            return d.Node.Outputs;
        }

        Value triangle = MatrixSteps.Wide(d, d[0]), right = MatrixSteps.Wide(d, d[1]);
        IEnumerable<int> rows = Enumerable.Range(0, n);
        ScanResult result = MatrixSteps.Run(d.G, [d.G.Zeros(right.Shape, DType.Float64)], [[.. op.Lower ? rows : rows.Reverse()]], [triangle, right], s =>
        {
            GraphBuilder g = s.G;
            (Value x, Value t, Value k) = (s.States[0], s.Whole[0], s.At[0]);
            Value row = s.Row(t, k), known = op.Lower ? g.Less(s.Columns(t), k) : g.Greater(s.Columns(t), k);
            Value rest = g.Sub(s.Row(s.Whole[1], k), g.MatMul(s.Only(known, row), x));
            return [s.WithRow(x, k, g.Div(rest, s.Column(row, k)))];
        });
        return MatrixSteps.Narrow(d, result.States[0]);
    }

    private static IReadOnlyList<Value>? Cholesky(Decomposition d, Cholesky op)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (n, _))
        {
            return d.Node.Outputs;
        }

        Value a = MatrixSteps.Wide(d, d[0]);
        ScanResult result = MatrixSteps.Run(d.G, [d.G.Zeros(a.Shape, DType.Float64)], [[.. Enumerable.Range(0, n)]], [a], s =>
        {
            GraphBuilder g = s.G;
            (Value l, Value k) = (s.States[0], s.At[0]);
            Value rest = g.Sub(s.Column(s.Whole[0], k), s.Dot(l, s.Row(l, k)));
            Value column = g.Div(rest, g.Sqrt(s.Row(rest, k)));
            return [s.WithColumn(l, k, s.Only(g.GreaterEqual(s.Rows(l), k), column))];
        });
        return MatrixSteps.Narrow(d, result.States[0]);
    }

    /// <summary>By A. Householder's reflections I − τ·v·vᵀ with LAPACK's signs.</summary>
    private static IReadOnlyList<Value>? QR(Decomposition d, QR op)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (rows, columns))
        {
            return d.Node.Outputs;
        }

        GraphBuilder outer = d.G;
        Value a = MatrixSteps.Wide(d, d[0]);
        ScanResult result = MatrixSteps.Run(outer, [MatrixSteps.Identities(outer, a, rows), a], [[.. Enumerable.Range(0, Math.Min(rows, columns))]], [], s =>
        {
            GraphBuilder g = s.G;
            (Value q, Value r, Value k) = (s.States[0], s.States[1], s.At[0]);
            Value column = s.Column(r, k), alpha = s.Row(column, k), tail = s.Only(g.Greater(s.Rows(r), k), column);
            Value square = g.ReduceSum(g.Mul(tail, tail), [1], keepDims: true), flat = g.Equal(square, 0);
            Value length = g.Sqrt(g.Add(g.Mul(alpha, alpha), square));
            Value beta = g.Where(flat, s.Number(1), g.Where(g.Less(alpha, 0), length, g.Neg(length)));
            Value v = s.WithRow(g.Div(tail, g.Where(flat, s.Number(1), g.Sub(alpha, beta))), k, s.Number(1));
            Value tau = g.Where(flat, s.Number(0), g.Div(g.Sub(beta, alpha), beta)), across = g.SwapAxes(v, 1, 2);
            Value turned = g.Sub(q, g.Mul(tau, g.MatMul(g.MatMul(q, v), across)));
            return [turned, g.Sub(r, g.Mul(tau, g.MatMul(v, g.MatMul(across, r))))];
        });
        int inner = op.Complete ? rows : Math.Min(rows, columns);
        return MatrixSteps.Narrow(d, outer.Slice(result.States[0], 2, 0, inner), outer.Triu(outer.Slice(result.States[1], 1, 0, inner)));
    }
}
