using System.Numerics.Tensors;

namespace KerasCompat.Runtime;

/// <summary>
/// Singular values by one-sided Jacobi rotations (M. Hestenes, 1958): rows are turned against each other until all are
/// orthogonal; their lengths are then the singular values. Slower than bidiagonal methods, more accurate for small values.
/// </summary>
internal static class SingularValues
{
    /// <summary>
    /// For rows w (count × length, count ≤ length): turns w to rows of which row i is σᵢ·uᵢᵀ, the σ falling, and applies the same
    /// turns to the rows of v, which is the identity before.
    /// </summary>
    public static void Orthogonalize(Span<double> w, int count, int length, Span<double> v)
    {
        Rows.Identity(v, count, count);
        bool turned = true;
        for (int sweep = 0; turned && sweep < 60; sweep++)
        {
            turned = false;
            for (int i = 0; i < count; i++)
            {
                for (int j = i + 1; j < count; j++)
                {
                    turned |= Turn(w.Slice(i * length, length), w.Slice(j * length, length), v.Slice(i * count, count), v.Slice(j * count, count));
                }
            }
        }
    }

    /// <summary>Makes the first of two rows the longer one and both orthogonal. False where they were.</summary>
    private static bool Turn(Span<double> a, Span<double> b, Span<double> va, Span<double> vb)
    {
        double p = TensorPrimitives.Dot<double>(a, b), squareA = TensorPrimitives.SumOfSquares<double>(a), squareB = TensorPrimitives.SumOfSquares<double>(b);
        bool orthogonal = Math.Abs(p) <= 1e-15 * Math.Sqrt(squareA * squareB);
        if (orthogonal && squareA >= squareB)
        {
            return false;
        }

        // The angle that makes the new rows orthogonal, of the two the one that puts the longer row first.
        double q = squareA - squareB, root = Math.Sqrt((4 * p * p) + (q * q));
        double c = Math.Sqrt(Math.Max((root + q) / (2 * root), 0)), s = p / (root * c);
        if (q < 0)
        {
            s = Math.CopySign(Math.Sqrt(Math.Max((root - q) / (2 * root), 0)), p);
            c = p == 0 ? 0 : p / (root * s);
        }

        Rotate(a, b, c, s);
        Rotate(va, vb, c, s);
        return true;
    }

    private static void Rotate(Span<double> a, Span<double> b, double c, double s)
    {
        for (int i = 0; i < a.Length; i++)
        {
            double x = a[i], y = b[i];
            a[i] = (c * x) + (s * y);
            b[i] = (c * y) - (s * x);
        }
    }

    /// <summary>Makes each row a unit vector and returns its length; rows without one, and missing rows, become unit vectors orthogonal to all.</summary>
    /// <param name="rows">Rows of which the first <paramref name="count"/> are orthogonal; there is room for more.</param>
    /// <param name="count">How many are given.</param>
    /// <param name="length">Numbers of a row.</param>
    /// <param name="lengths">The lengths of the given rows.</param>
    public static void Normalize(Span<double> rows, int count, int length, Span<double> lengths)
    {
        double largest = 0;
        for (int i = 0; i < count; i++)
        {
            lengths[i] = Math.Sqrt(TensorPrimitives.SumOfSquares<double>(rows.Slice(i * length, length)));
            largest = Math.Max(largest, lengths[i]);
        }

        for (int i = 0; i < rows.Length / Math.Max(length, 1); i++)
        {
            Span<double> row = rows.Slice(i * length, length);
            if (i < count && lengths[i] > largest * 1e-300)
            {
                TensorPrimitives.Divide(row, lengths[i], row);
            }
            else
            {
                Complete(rows, i, length, row);
            }
        }
    }

    /// <summary>The unit vector whose part orthogonal to the rows before is longest, made orthogonal to them twice and normalized.</summary>
    private static void Complete(Span<double> rows, int before, int length, Span<double> row)
    {
        int best = 0;
        double shortest = double.PositiveInfinity;
        for (int axis = 0; axis < length; axis++)
        {
            double inside = 0;
            for (int i = 0; i < before; i++)
            {
                inside += rows[(i * length) + axis] * rows[(i * length) + axis];
            }

            if (inside < shortest - 1e-12)
            {
                (best, shortest) = (axis, inside);
            }
        }

        row.Clear();
        row[best] = 1;
        for (int pass = 0; pass < 2; pass++)
        {
            for (int i = 0; i < before; i++)
            {
                ReadOnlySpan<double> other = rows.Slice(i * length, length);
                Rows.Subtract(row, other, TensorPrimitives.Dot(row, other));
            }
        }

        TensorPrimitives.Divide(row, Math.Sqrt(TensorPrimitives.SumOfSquares<double>(row)), row);
    }
}
