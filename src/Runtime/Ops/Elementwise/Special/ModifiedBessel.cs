namespace KerasCompat.Runtime;

/// <summary>The modified Bessel function of the first kind and order 0, in double precision.</summary>
internal static class ModifiedBessel
{
    public static double I0(double x)
    {
        double size = Math.Abs(x);
        return size < 30 ? Series(size) : Asymptotic(size);
    }

    /// <summary>Σ (x²/4)ᵏ / (k!)², all of whose terms are positive.</summary>
    private static double Series(double x)
    {
        double quarter = x * x / 4, term = 1, sum = 1;
        for (int k = 1; term > sum * 1e-17; k++)
        {
            term *= quarter / ((double)k * k);
            sum += term;
        }

        return sum;
    }

    /// <summary>e^x/√(2πx) · Σ ((2k − 1)!!)² / (k! · (8x)ᵏ). The exponential is taken in two halves, which do not overflow before the result.</summary>
    private static double Asymptotic(double x)
    {
        double term = 1, sum = 1;
        for (int k = 1; k < 30 && term > 1e-17; k++)
        {
            term *= ((2.0 * k) - 1) * ((2 * k) - 1) / (k * 8 * x);
            sum += term;
        }

        double half = Math.Exp(x / 2);
        return double.IsInfinity(x) ? x : half * (sum / Math.Sqrt(2 * Math.PI * x)) * half;
    }
}
