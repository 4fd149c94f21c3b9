namespace KerasCompat.Runtime;

/// <summary>T·X = B by substitution, in B's place; the other triangle is not read.</summary>
internal static class TriangularSystem
{
    /// <exception cref="InvalidOperationException">The diagonal has a zero: the matrix is singular.</exception>
    public static void Solve(ReadOnlySpan<double> t, int n, Span<double> b, int columns, bool lower, bool unitDiagonal)
    {
        for (int step = 0; step < n; step++)
        {
            int row = lower ? step : n - 1 - step;
            Span<double> x = b.Slice(row * columns, columns);
            int begin = lower ? 0 : row + 1, end = lower ? row : n;
            for (int k = begin; k < end; k++)
            {
                Rows.Subtract(x, b.Slice(k * columns, columns), t[(row * n) + k]);
            }

            if (unitDiagonal)
            {
                continue;
            }

            double diagonal = t[(row * n) + row];
            if (diagonal == 0)
            {
                throw new InvalidOperationException("The matrix is singular.");
            }

            System.Numerics.Tensors.TensorPrimitives.Divide(x, diagonal, x);
        }
    }
}

/// <summary>Rows of numbers.</summary>
internal static class Rows
{
    /// <summary><c>y −= factor·x</c>.</summary>
    public static void Subtract(Span<double> y, ReadOnlySpan<double> x, double factor)
    {
        if (factor != 0)
        {
            System.Numerics.Tensors.TensorPrimitives.MultiplyAdd(x, -factor, y, y);
        }
    }

    /// <summary>The identity, or its first columns.</summary>
    public static void Identity(Span<double> a, int rows, int columns)
    {
        a.Clear();
        for (int i = 0; i < Math.Min(rows, columns); i++)
        {
            a[(i * columns) + i] = 1;
        }
    }
}
