namespace KerasCompat.Runtime;

/// <summary>
/// <c>A = Q·R</c>, Q with orthonormal columns, R upper triangular, by Householder reflections with LAPACK's signs. numpy's
/// <c>linalg.qr</c>.
/// </summary>
/// <param name="Complete">Whether Q is square (rows, rows); else it has as many columns as A has rows or columns, whichever are fewer.</param>
public sealed record QR(bool Complete) : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        Dim inner = Complete ? rows : Dim.Min(rows, columns);
        return [new TensorType(inputs.DType(0), new SymbolicShape(rows, inner)), new TensorType(inputs.DType(0), new SymbolicShape(inner, columns))];
    }

    private protected override int Memory(int rows, int columns, int right) => Math.Min(rows, columns);

    private protected override void Compute(MatrixSpans m)
    {
        Span<double> a = m.A, q = m.Output(0), r = m.Output(1), scale = m.Memory;
        int rows = m.Rows, columns = m.Columns, inner = r.Length / Math.Max(columns, 1);
        for (int k = 0; k < scale.Length; k++)
        {
            scale[k] = Reflector(a, rows, columns, k);
            Reflect(a, columns, a, columns, k, rows, k + 1, scale[k]);
        }

        r.Clear();
        for (int i = 0; i < Math.Min(inner, columns); i++)
        {
            a.Slice((i * columns) + i, columns - i).CopyTo(r[((i * columns) + i)..]);
        }

        Rows.Identity(q, rows, inner);
        for (int k = scale.Length - 1; k >= 0; k--)
        {
            Reflect(a, columns, q, inner, k, rows, 0, scale[k]);
        }
    }

    /// <summary>Turns column k into a multiple of the unit vector. The reflection I − τ·v·vᵀ, with v[k] = 1, is left below the diagonal.</summary>
    private static double Reflector(Span<double> a, int rows, int columns, int k)
    {
        double sum = 0;
        for (int i = k + 1; i < rows; i++)
        {
            sum += a[(i * columns) + k] * a[(i * columns) + k];
        }

        if (sum == 0)
        {
            return 0;
        }

        double alpha = a[(k * columns) + k], beta = -Math.CopySign(Math.Sqrt((alpha * alpha) + sum), alpha);
        for (int i = k + 1; i < rows; i++)
        {
            a[(i * columns) + k] /= alpha - beta;
        }

        a[(k * columns) + k] = beta;
        return (beta - alpha) / beta;
    }

    /// <summary>Applies reflection k to the columns of a matrix from one on.</summary>
    private static void Reflect(ReadOnlySpan<double> v, int stride, Span<double> x, int columns, int k, int rows, int from, double scale)
    {
        for (int j = from; j < columns && scale != 0; j++)
        {
            double dot = x[(k * columns) + j];
            for (int i = k + 1; i < rows; i++)
            {
                dot += v[(i * stride) + k] * x[(i * columns) + j];
            }

            dot *= scale;
            x[(k * columns) + j] -= dot;
            for (int i = k + 1; i < rows; i++)
            {
                x[(i * columns) + j] -= dot * v[(i * stride) + k];
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>A = Q·R</c> with orthonormal Q and upper triangular R.</summary>
    public (Value Q, Value R) QR(Value a, bool complete = false)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new QR(complete), a);
        return (outputs[0], outputs[1]);
    }
}
