namespace KerasCompat.Runtime;

/// <summary>P·A = L·U with partial pivoting, as LAPACK's getrf: L (unit diagonal) and U in A's place.</summary>
internal static class LUDecomposition
{
    /// <summary>Decomposes in place. Returns the determinant's sign of P; the pivots are the rows exchanged, step by step.</summary>
    public static int Run(Span<double> a, int n, Span<double> pivots)
    {
        int sign = 1;
        for (int k = 0; k < n; k++)
        {
            int pivot = k;
            for (int row = k + 1; row < n; row++)
            {
                pivot = Math.Abs(a[(row * n) + k]) > Math.Abs(a[(pivot * n) + k]) ? row : pivot;
            }

            pivots[k] = pivot;
            if (pivot != k)
            {
                SwapRows(a, n, k, pivot);
                sign = -sign;
            }

            double diagonal = a[(k * n) + k];
            if (diagonal == 0)
            {
                continue;
            }

            ReadOnlySpan<double> upper = a.Slice((k * n) + k + 1, n - k - 1);
            for (int row = k + 1; row < n; row++)
            {
                double factor = a[(row * n) + k] /= diagonal;
                Rows.Subtract(a.Slice((row * n) + k + 1, n - k - 1), upper, factor);
            }
        }

        return sign;
    }

    /// <summary>Solves A·X = B in B's place from the decomposition.</summary>
    /// <exception cref="InvalidOperationException">The matrix is singular.</exception>
    public static void Solve(ReadOnlySpan<double> lu, ReadOnlySpan<double> pivots, int n, Span<double> b, int columns)
    {
        for (int k = 0; k < n; k++)
        {
            if ((int)pivots[k] != k)
            {
                SwapRows(b, columns, k, (int)pivots[k]);
            }
        }

        TriangularSystem.Solve(lu, n, b, columns, lower: true, unitDiagonal: true);
        TriangularSystem.Solve(lu, n, b, columns, lower: false, unitDiagonal: false);
    }

    private static void SwapRows(Span<double> a, int columns, int first, int second)
    {
        for (int i = 0; i < columns; i++)
        {
            (a[(first * columns) + i], a[(second * columns) + i]) = (a[(second * columns) + i], a[(first * columns) + i]);
        }
    }
}
