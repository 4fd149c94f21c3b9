using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Eigenvalues and singular values by C. Jacobi's rotations, in the order and with the signs of this library's executor.</summary>
internal static class SpectralDecompositions
{
    /// <summary>Rounds over all pairs of rows. Rotations converge quadratically; executors that look at the numbers stop after 6 to 10.</summary>
    private const int Sweeps = 12;

    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.OfAll<Eigh>(Eigh),
        DecompositionEntry.OfAll<SVD>(SVD),
        DecompositionEntry.OfAll<Pinv>(Pinv),
    ];

    private static IReadOnlyList<Value>? Eigh(Decomposition d, Eigh op)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (n, _))
        {
            return d.Node.Outputs;
        }

        GraphBuilder outer = d.G;
        Value a = MatrixSteps.Wide(d, d[0]);
        Value symmetric = outer.Add(outer.Tril(a), outer.SwapAxes(outer.Tril(a, -1), 1, 2));
        ScanResult result = MatrixSteps.Run(outer, [symmetric, MatrixSteps.Identities(outer, a, n)], MatrixSteps.Pairs(n, Sweeps), [], s =>
        {
            GraphBuilder g = s.G;
            (Value x, Value v, Value p, Value q) = (s.States[0], s.States[1], s.At[0], s.At[1]);
            Value columnP = s.Column(x, p), columnQ = s.Column(x, q), pq = s.Row(columnQ, p), none = g.Equal(pq, 0);

            // The smaller of the two angles that make the new x[p, q] zero.
            Value theta = g.Div(g.Sub(s.Row(columnQ, q), s.Row(columnP, p)), g.Mul(g.Where(none, s.Number(1), pq), 2));
            Value size = g.Reciprocal(g.Add(g.Abs(theta), g.Sqrt(g.Add(g.Mul(theta, theta), 1))));
            Value t = g.Where(none, s.Number(0), g.Where(g.Less(theta, 0), g.Neg(size), size));
            Value cosine = g.Reciprocal(g.Sqrt(g.Add(g.Mul(t, t), 1))), sine = g.Mul(t, cosine);
            Value turned = s.WithColumn(s.WithColumn(x, p, First(g, columnP, columnQ, cosine, sine)), q, Second(g, columnP, columnQ, cosine, sine));
            turned = TurnRows(s, turned, cosine, sine);
            Value isCorner = g.Or(
                g.And(g.Equal(s.Rows(x), p), g.Equal(s.Columns(x), q)),
                g.And(g.Equal(s.Rows(x), q), g.Equal(s.Columns(x), p)));
            return [s.Only(g.Not(isCorner), turned), TurnRows(s, v, cosine, sine)];
        });
        Value values = outer.ReduceSum(outer.Mul(result.States[0], MatrixSteps.Identity(outer, n)), [2]);
        (Value rising, Value order) = outer.TopK(values, n, axis: 1, largest: false);
        return MatrixSteps.Narrow(d, rising, outer.SwapAxes(outer.GatherND(result.States[1], outer.ExpandDims(order, 2), batchDims: 1), 1, 2));
    }

    private static Value First(GraphBuilder g, Value p, Value q, Value cosine, Value sine) => g.Sub(g.Mul(cosine, p), g.Mul(sine, q));

    private static Value Second(GraphBuilder g, Value p, Value q, Value cosine, Value sine) => g.Add(g.Mul(sine, p), g.Mul(cosine, q));

    private static Value TurnRows(MatrixStep s, Value x, Value cosine, Value sine)
    {
        Value p = s.Row(x, s.At[0]), q = s.Row(x, s.At[1]);
        return s.WithRow(s.WithRow(x, s.At[0], First(s.G, p, q, cosine, sine)), s.At[1], Second(s.G, p, q, cosine, sine));
    }

    /// <summary>
    /// Rows w of which row i is σᵢ·uᵢᵀ, the σ falling, turned out of the rows of A, or of its transpose where those are fewer, and the rows
    /// v that turn A to them (M. Hestenes, 1958).
    /// </summary>
    private static (Value W, Value V, bool Transposed) Orthogonalized(Decomposition d, int rows, int columns)
    {
        GraphBuilder outer = d.G;
        bool transposed = rows > columns;
        Value a = MatrixSteps.Wide(d, d[0]);
        a = transposed ? outer.SwapAxes(a, 1, 2) : a;
        int few = Math.Min(rows, columns);
        Value v = MatrixSteps.Identities(outer, a, few);
        if (few < 2)
        {
            return (a, v, transposed);
        }

        ScanResult result = MatrixSteps.Run(outer, [a, v], MatrixSteps.Pairs(few, Sweeps), [], s =>
        {
            GraphBuilder g = s.G;
            Value first = s.Row(s.States[0], s.At[0]), second = s.Row(s.States[0], s.At[1]);
            Value p = s.Dot(first, second), squareFirst = s.Dot(first, first), squareSecond = s.Dot(second, second);
            Value orthogonal = g.LessEqual(g.Abs(p), g.Mul(g.Sqrt(g.Mul(squareFirst, squareSecond)), 1e-15));
            Value stays = g.And(orthogonal, g.GreaterEqual(squareFirst, squareSecond));

            // The angle that makes the new rows orthogonal, of the two the one that puts the longer row first.
            Value q = g.Sub(squareFirst, squareSecond), root = g.Sqrt(g.Add(g.Mul(g.Mul(p, p), 4), g.Mul(q, q)));
            Value twice = g.Mul(g.Where(stays, s.Number(1), root), 2);
            Value larger = g.Sqrt(g.Div(g.Add(root, g.Abs(q)), twice));
            Value other = g.Div(p, g.Where(stays, s.Number(1), g.Mul(root, larger)));
            Value falls = g.GreaterEqual(q, 0), sign = g.Where(g.Less(p, 0), s.Number(-1), s.Number(1));
            Value cosine = g.Where(stays, s.Number(1), g.Where(falls, larger, g.Mul(sign, other)));
            Value sine = g.Where(stays, s.Number(0), g.Where(falls, other, g.Mul(sign, larger)));
            return [TurnRows(s, s.States[0], cosine, g.Neg(sine)), TurnRows(s, s.States[1], cosine, g.Neg(sine))];
        });
        return (result.States[0], result.States[1], transposed);
    }

    private static IReadOnlyList<Value>? SVD(Decomposition d, SVD op)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (rows, columns))
        {
            return d.Node.Outputs;
        }

        GraphBuilder g = d.G;
        (Value w, Value v, bool transposed) = Orthogonalized(d, rows, columns);
        Value lengths = g.Sqrt(g.ReduceSum(g.Mul(w, w), [2]));
        Value units = Completed(g, w, lengths, op.FullMatrices ? Math.Max(rows, columns) : Math.Min(rows, columns));
        (Value left, Value right) = transposed ? (units, v) : (v, units);
        return MatrixSteps.Narrow(d, g.SwapAxes(left, 1, 2), lengths, right);
    }

    /// <summary>Rows made unit vectors; rows without a length, and missing ones, become unit vectors orthogonal to those before.</summary>
    private static Value Completed(GraphBuilder outer, Value w, Value lengths, int wanted)
    {
        int given = w.Shape[1].Value, size = w.Shape[2].Value;
        Value least = outer.Mul(outer.ReduceMax(lengths, [1], keepDims: true), 1e-300), none = outer.LessEqual(lengths, least);
        Value units = outer.Div(w, outer.ExpandDims(outer.Where(none, outer.Scalar(1, DType.Float64), lengths), 2));
        Value missing = outer.ExpandDims(outer.Cast(none, DType.Float64), 2);
        if (wanted > given)
        {
            var more = new SymbolicShape(w.Shape[0], wanted - given, size);
            units = outer.Concat([units, outer.Zeros(more, DType.Float64)], 1);
            missing = outer.Concat([missing, outer.Full(more.With(2, 1), 1, DType.Float64)], 1);
        }

        return MatrixSteps.Run(outer, [units], [[.. Enumerable.Range(0, wanted)]], [missing], s =>
        {
            GraphBuilder g = s.G;
            (Value x, Value k) = (s.States[0], s.At[0]);
            Value before = s.Only(g.Less(s.Rows(x), k), x);

            // The axis that lies least in the space of the rows before; of equal ones, rounding set aside, the first.
            Value inside = g.Round(g.Mul(g.ReduceSum(g.Mul(before, before), [1], keepDims: true), 1e11));
            Value unit = s.Only(g.Equal(s.Columns(x), g.ArgMax(g.Neg(inside), 2, keepDims: true)), s.Number(1));
            for (int pass = 0; pass < 2; pass++)
            {
                unit = g.Sub(unit, g.MatMul(g.MatMul(unit, g.SwapAxes(before, 1, 2)), before));
            }

            Value made = g.Div(unit, g.Sqrt(s.Dot(unit, unit)));
            return [s.WithRow(x, k, g.Where(g.Equal(s.Row(s.Whole[0], k), 0), s.Row(x, k), made))];
        }).States[0];
    }

    private static IReadOnlyList<Value>? Pinv(Decomposition d, Pinv op)
    {
        if (MatrixSteps.Sizes(d, d[0]) is not var (rows, columns))
        {
            return d.Node.Outputs;
        }

        GraphBuilder g = d.G;
        (Value w, Value v, bool transposed) = Orthogonalized(d, rows, columns);
        Value squares = g.ReduceSum(g.Mul(w, w), [2], keepDims: true), lengths = g.Sqrt(squares);
        Value least = g.Mul(g.ReduceMax(lengths, [1], keepDims: true), op.Rcond * (op.TimesLongerSide ? Math.Max(rows, columns) : 1));
        Value counts = g.Greater(lengths, least);
        Value inverse = g.Where(counts, g.Reciprocal(g.Where(counts, squares, g.Scalar(1, DType.Float64))), g.Scalar(0, DType.Float64));
        Value scaled = g.Mul(w, inverse);
        return MatrixSteps.Narrow(d, transposed ? g.MatMul(g.SwapAxes(v, 1, 2), scaled) : g.MatMul(g.SwapAxes(scaled, 1, 2), v));
    }
}
