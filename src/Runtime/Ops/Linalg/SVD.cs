namespace KerasCompat.Runtime;

/// <summary>
/// <c>A = U·diag(s)·Vh</c>, s falling. The signs of a pair of singular vectors are not determined and may differ from LAPACK's.
/// numpy's <c>linalg.svd</c>.
/// </summary>
/// <param name="FullMatrices">Whether U and Vh are square; else they have as many columns and rows as there are singular values.</param>
public sealed record SVD(bool FullMatrices) : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        Dim inner = Dim.Min(rows, columns);
        DType type = inputs.DType(0);
        return
        [
            new TensorType(type, new SymbolicShape(rows, FullMatrices ? rows : inner)),
            new TensorType(type, new SymbolicShape(inner)),
            new TensorType(type, new SymbolicShape(FullMatrices ? columns : inner, columns)),
        ];
    }

    private protected override int Memory(int rows, int columns, int right) => Memory(rows, columns);

    /// <summary>Rows of the longer side, complete, and the turns.</summary>
    internal static int Memory(int rows, int columns) => (Math.Max(rows, columns) * Math.Max(rows, columns)) + (Math.Min(rows, columns) * Math.Min(rows, columns));

    private protected override void Compute(MatrixSpans m)
    {
        Span<double> u = m.Output(0), s = m.Output(1), vh = m.Output(2);
        Run(m.A, m.Rows, m.Columns, m.Memory, s, out Span<double> left, out Span<double> right);

        // left and right hold singular vectors as rows; U holds them as columns.
        int columnsOfU = u.Length / Math.Max(m.Rows, 1);
        for (int i = 0; i < m.Rows; i++)
        {
            for (int j = 0; j < columnsOfU; j++)
            {
                u[(i * columnsOfU) + j] = left[(j * m.Rows) + i];
            }
        }

        right[..vh.Length].CopyTo(vh);
    }

    /// <summary>Decomposes; the results are rows of left and right singular vectors, completed on the longer side.</summary>
    internal static void Run(ReadOnlySpan<double> a, int rows, int columns, Span<double> memory, Span<double> s, out Span<double> left, out Span<double> right)
    {
        int few = Math.Min(rows, columns), many = Math.Max(rows, columns);
        Span<double> w = memory[..(many * many)], v = memory.Slice(many * many, few * few);

        // The rows to be turned are those of A or of its transpose, whichever are fewer.
        bool transposed = rows > columns;
        for (int i = 0; i < few; i++)
        {
            for (int j = 0; j < many; j++)
            {
                w[(i * many) + j] = transposed ? a[(j * columns) + i] : a[(i * columns) + j];
            }
        }

        SingularValues.Orthogonalize(w[..(few * many)], few, many, v);
        SingularValues.Normalize(w, few, many, s);
        left = transposed ? w : v;
        right = transposed ? v : w;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>A = U·diag(s)·Vh</c>, s falling.</summary>
    public (Value U, Value S, Value Vh) SVD(Value a, bool fullMatrices = true)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new SVD(fullMatrices), a);
        return (outputs[0], outputs[1], outputs[2]);
    }
}
