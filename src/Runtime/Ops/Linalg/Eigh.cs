namespace KerasCompat.Runtime;

/// <summary>
/// Eigenvalues, rising, and eigenvectors (columns) of a symmetric matrix, whose upper triangle is not read, by Jacobi's rotations.
/// The sign of a vector is not determined and may differ from LAPACK's. numpy's <c>linalg.eigh</c>.
/// </summary>
public sealed record Eigh : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape(rows)), new TensorType(inputs.DType(0), new SymbolicShape(rows, columns))];
    }

    private protected override int Memory(int rows, int columns, int right) => rows * columns;

    private protected override void Compute(MatrixSpans m)
    {
        int n = m.Rows;
        Span<double> a = m.A, vectors = m.Memory, values = m.Output(0), result = m.Output(1);
        for (int i = 0; i < n; i++)
        {
            for (int j = i + 1; j < n; j++)
            {
                a[(i * n) + j] = a[(j * n) + i];
            }
        }

        Rows.Identity(vectors, n, n);
        Diagonalize(a, n, vectors);
        for (int i = 0; i < n; i++)
        {
            // The place of an eigenvalue is the number of those before it.
            double value = a[(i * n) + i];
            int place = 0;
            for (int j = 0; j < n; j++)
            {
                double other = a[(j * n) + j];
                place += other < value || (other == value && j < i) ? 1 : 0;
            }

            values[place] = value;
            for (int j = 0; j < n; j++)
            {
                result[(j * n) + place] = vectors[(i * n) + j];
            }
        }
    }

    /// <summary>Turns pairs of axes until nothing is left beside the diagonal. The rows of v become the eigenvectors.</summary>
    private static void Diagonalize(Span<double> a, int n, Span<double> v)
    {
        for (int sweep = 0; sweep < 60; sweep++)
        {
            double off = 0, all = 0;
            for (int i = 0; i < a.Length; i++)
            {
                all += a[i] * a[i];
                off += i / n == i % n ? 0 : a[i] * a[i];
            }

            if (off <= all * 1e-34)
            {
                return;
            }

            for (int p = 0; p < n; p++)
            {
                for (int q = p + 1; q < n; q++)
                {
                    Turn(a, n, v, p, q);
                }
            }
        }
    }

    private static void Turn(Span<double> a, int n, Span<double> v, int p, int q)
    {
        double pq = a[(p * n) + q];
        if (pq == 0)
        {
            return;
        }

        // The smaller of the two angles that make the new a[p, q] zero.
        double theta = (a[(q * n) + q] - a[(p * n) + p]) / (2 * pq);
        double t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        double c = 1 / Math.Sqrt((t * t) + 1), s = t * c;
        for (int k = 0; k < n; k++)
        {
            (a[(k * n) + p], a[(k * n) + q]) = Rotated(a[(k * n) + p], a[(k * n) + q], c, s);
        }

        for (int k = 0; k < n; k++)
        {
            (a[(p * n) + k], a[(q * n) + k]) = Rotated(a[(p * n) + k], a[(q * n) + k], c, s);
            (v[(p * n) + k], v[(q * n) + k]) = Rotated(v[(p * n) + k], v[(q * n) + k], c, s);
        }

        a[(p * n) + q] = a[(q * n) + p] = 0;
    }

    private static (double, double) Rotated(double x, double y, double c, double s) => ((c * x) - (s * y), (s * x) + (c * y));
}

public sealed partial class GraphBuilder
{
    /// <summary>Eigenvalues, rising, and eigenvectors (columns) of each symmetric matrix.</summary>
    public (Value Values, Value Vectors) Eigh(Value a)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new Eigh(), a);
        return (outputs[0], outputs[1]);
    }
}
