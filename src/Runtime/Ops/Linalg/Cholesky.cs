namespace KerasCompat.Runtime;

/// <summary>The lower triangle L with <c>L·Lᵀ = A</c>, for A symmetric and positive definite; A's upper triangle is not read. numpy's <c>linalg.cholesky</c>.</summary>
public sealed record Cholesky : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape(rows, columns))];
    }

    private protected override void Compute(MatrixSpans m)
    {
        int n = m.Rows;
        Span<double> l = m.Output(0);
        l.Clear();
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                double rest = m.A[(i * n) + j] - System.Numerics.Tensors.TensorPrimitives.Dot<double>(l.Slice(i * n, j), l.Slice(j * n, j));
                if (i == j && !(rest > 0))
                {
                    throw new InvalidOperationException("The matrix is not positive definite.");
                }

                l[(i * n) + j] = i == j ? Math.Sqrt(rest) : rest / l[(j * n) + j];
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The lower triangle L with <c>L·Lᵀ = A</c>, or with <paramref name="upper"/> its transpose.</summary>
    public Value Cholesky(Value a, bool upper = false) => upper ? SwapAxes(Cholesky(a), -2, -1) : Apply(new Cholesky(), a);
}
