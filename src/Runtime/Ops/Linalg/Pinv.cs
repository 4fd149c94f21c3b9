namespace KerasCompat.Runtime;

/// <summary>The pseudo-inverse (E. Moore, R. Penrose). numpy's <c>linalg.pinv</c>.</summary>
/// <param name="Rcond">Singular values up to this part of the largest count as zero.</param>
/// <param name="TimesLongerSide">Whether that part is multiplied by the number of rows or columns, whichever are more.</param>
public sealed record Pinv(double Rcond, bool TimesLongerSide) : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns) =>
        [new TensorType(inputs.DType(0), new SymbolicShape(columns, rows))];

    private protected override int Memory(int rows, int columns, int right) => SVD.Memory(rows, columns) + Math.Min(rows, columns);

    private protected override void Compute(MatrixSpans m)
    {
        Span<double> s = m.Memory[SVD.Memory(m.Rows, m.Columns)..], result = m.Output(0);
        SVD.Run(m.A, m.Rows, m.Columns, m.Memory, s, out Span<double> left, out Span<double> right);
        double least = (s.Length == 0 ? 0 : s[0]) * Rcond * (TimesLongerSide ? Math.Max(m.Rows, m.Columns) : 1);
        result.Clear();
        for (int k = 0; k < s.Length && s[k] > least; k++)
        {
            ReadOnlySpan<double> u = left.Slice(k * m.Rows, m.Rows);
            for (int i = 0; i < m.Columns; i++)
            {
                Rows.Subtract(result.Slice(i * m.Rows, m.Rows), u, -right[(k * m.Columns) + i] / s[k]);
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The pseudo-inverse; singular values up to <paramref name="rcond"/> of the largest count as zero.</summary>
    public Value Pinv(Value a, double rcond = 1e-15) => Apply(new Pinv(rcond, TimesLongerSide: false), a);

    /// <summary>
    /// The X with the least <c>‖A·X − B‖</c>, and of several the shortest, as numpy's <c>linalg.lstsq</c>. No <paramref name="rcond"/>
    /// is the element type's precision times the longer side. A B with one axis less than A holds vectors.
    /// </summary>
    public Value Lstsq(Value a, Value b, double? rcond = null)
    {
        double precision = Math.Pow(2, a.DType == DType.Float64 ? -52 : -23);
        Value inverse = Apply(new Pinv(rcond ?? precision, TimesLongerSide: rcond is null), a);
        return b.Rank == a.Rank - 1 ? Squeeze(MatMul(inverse, ExpandDims(b, -1)), -1) : MatMul(inverse, b);
    }
}
