using System.Numerics;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>A = Q·T·Q*</c>, T upper triangular: Householder reduction to Hessenberg form, then the QR algorithm with Wilkinson's shifts
/// (G. Golub and C. Van Loan, Matrix Computations, 7.4 and 7.5), in complex numbers, where one shift at a time is enough.
/// </summary>
internal static class ComplexSchur
{
    /// <summary>Turns t to T and sets q to Q.</summary>
    /// <param name="t">A, then T.</param>
    /// <param name="q">Q.</param>
    /// <param name="n">Rows and columns.</param>
    /// <param name="spare">Room for 2·n numbers.</param>
    /// <exception cref="InvalidOperationException">The iteration does not converge.</exception>
    public static void Run(Span<Complex> t, Span<Complex> q, int n, Span<Complex> spare)
    {
        q.Clear();
        for (int i = 0; i < n; i++)
        {
            q[(i * n) + i] = 1;
        }

        // To Hessenberg form by plane rotations too: one kind of turn is enough for both parts.
        for (int column = 0; column < n - 2; column++)
        {
            for (int row = n - 1; row > column + 1; row--)
            {
                (double c, Complex s) = Rotation(t[((row - 1) * n) + column], t[(row * n) + column]);
                TurnRows(t, n, row - 1, c, s, column);
                TurnColumns(t, n, row - 1, c, s, n);
                TurnColumns(q, n, row - 1, c, s, n);
            }
        }

        Span<Complex> sines = spare[..n], cosines = spare.Slice(n, n);
        int end = n - 1;
        for (int iteration = 0; end > 0; iteration++)
        {
            int begin = end;
            while (begin > 0 && !IsSmall(t, n, begin))
            {
                begin--;
            }

            if (begin == end)
            {
                end--;
                iteration = -1;
                continue;
            }

            if (iteration > 300)
            {
                throw new InvalidOperationException("The eigenvalues do not converge.");
            }

            Step(t, q, n, begin, end, iteration % 10 == 9 ? t[(end * n) + end - 1].Magnitude + t[(end * n) + end] : Shift(t, n, end), cosines, sines);
        }
    }

    /// <summary>The eigenvector of T's eigenvalue k, by back substitution, turned back by Q; of length 1, its largest component real.</summary>
    public static void Eigenvector(ReadOnlySpan<Complex> t, ReadOnlySpan<Complex> q, int n, int k, Span<Complex> vector, Span<Complex> spare)
    {
        Complex value = t[(k * n) + k];
        Span<Complex> y = spare[..(k + 1)];
        y[k] = 1;
        for (int i = k - 1; i >= 0; i--)
        {
            Complex sum = 0;
            for (int j = i + 1; j <= k; j++)
            {
                sum += t[(i * n) + j] * y[j];
            }

            // Equal eigenvalues: the least difference that rounding leaves stands for none.
            Complex difference = value - t[(i * n) + i];
            double least = 1e-16 * (value.Magnitude + t[(i * n) + i].Magnitude);
            y[i] = sum / (difference.Magnitude > least ? difference : Math.Max(least, 1e-300));
        }

        double square = 0;
        Complex largest = 0;
        for (int i = 0; i < n; i++)
        {
            Complex sum = 0;
            for (int j = 0; j <= k; j++)
            {
                sum += q[(i * n) + j] * y[j];
            }

            vector[i] = sum;
            square += (sum.Real * sum.Real) + (sum.Imaginary * sum.Imaginary);
            largest = sum.Magnitude > largest.Magnitude * (1 + 1e-12) ? sum : largest;
        }

        Complex scale = Complex.Conjugate(largest) / (largest.Magnitude * Math.Sqrt(square));
        for (int i = 0; i < n; i++)
        {
            vector[i] *= scale;
        }
    }

    /// <summary>One QR step of the rows and columns from begin to end.</summary>
    private static void Step(Span<Complex> t, Span<Complex> q, int n, int begin, int end, Complex shift, Span<Complex> cosines, Span<Complex> sines)
    {
        for (int i = begin; i <= end; i++)
        {
            t[(i * n) + i] -= shift;
        }

        for (int i = begin; i < end; i++)
        {
            (cosines[i], sines[i]) = Rotation(t[(i * n) + i], t[((i + 1) * n) + i]);
            TurnRows(t, n, i, cosines[i].Real, sines[i], i);
        }

        for (int i = begin; i < end; i++)
        {
            TurnColumns(t, n, i, cosines[i].Real, sines[i], Math.Min(i + 2, end + 1));
            TurnColumns(q, n, i, cosines[i].Real, sines[i], n);
        }

        for (int i = begin; i <= end; i++)
        {
            t[(i * n) + i] += shift;
        }
    }

    /// <summary>Whether the element left of a diagonal element is zero but for rounding; it is then set to zero.</summary>
    private static bool IsSmall(Span<Complex> t, int n, int row)
    {
        double around = t[((row - 1) * n) + row - 1].Magnitude + t[(row * n) + row].Magnitude;
        bool small = t[(row * n) + row - 1].Magnitude <= 1.2e-16 * around || t[(row * n) + row - 1].Magnitude < 1e-300;
        if (small)
        {
            t[(row * n) + row - 1] = 0;
        }

        return small;
    }

    /// <summary>The eigenvalue of the last two rows and columns that is closer to the last element.</summary>
    private static Complex Shift(ReadOnlySpan<Complex> t, int n, int end)
    {
        Complex a = t[((end - 1) * n) + end - 1], b = t[((end - 1) * n) + end], c = t[(end * n) + end - 1], d = t[(end * n) + end];
        Complex half = (a - d) / 2, root = Complex.Sqrt((half * half) + (b * c));
        Complex first = d + half + root, second = d + half - root;
        return (first - d).Magnitude < (second - d).Magnitude ? first : second;
    }

    /// <summary>c and s with c·x + s·y = r and −s*·x + c·y = 0.</summary>
    private static (double C, Complex S) Rotation(Complex x, Complex y)
    {
        if (y == Complex.Zero)
        {
            return (1, 0);
        }

        double sizeX = x.Magnitude, length = double.Hypot(sizeX, y.Magnitude);
        return sizeX == 0
            ? (0, Complex.Conjugate(y) / y.Magnitude)
            : (sizeX / length, x / sizeX * Complex.Conjugate(y) / length);
    }

    private static void TurnRows(Span<Complex> a, int n, int row, double c, Complex s, int from)
    {
        for (int j = from; j < n; j++)
        {
            Complex x = a[(row * n) + j], y = a[((row + 1) * n) + j];
            a[(row * n) + j] = (c * x) + (s * y);
            a[((row + 1) * n) + j] = (c * y) - (Complex.Conjugate(s) * x);
        }
    }

    private static void TurnColumns(Span<Complex> a, int n, int column, double c, Complex s, int rows)
    {
        for (int i = 0; i < rows; i++)
        {
            Complex x = a[(i * n) + column], y = a[(i * n) + column + 1];
            a[(i * n) + column] = (c * x) + (Complex.Conjugate(s) * y);
            a[(i * n) + column + 1] = (c * y) - (s * x);
        }
    }
}
