namespace KerasCompat.Runtime;

/// <summary>The error function, its complement and its inverse in double precision.</summary>
internal static class ErrorFunction
{
    private const double TwoOverRootPi = 1.1283791670955125738961589031215;
    private const double OneOverRootPi = 0.56418958354775628694807945156077;

    /// <summary>erf x = 2/√π · ∫₀ˣ e^−t² dt.</summary>
    public static double Erf(double x) =>
        Math.Abs(x) < 2 ? Series(x)
        : double.IsNaN(x) ? x
        : Math.CopySign(1 - Tail(Math.Abs(x)), x);

    /// <summary>erfc x = 1 − erf x, exact to the last digits where erf x is close to 1.</summary>
    public static double Erfc(double x) =>
        double.IsNaN(x) ? x
        : Math.Abs(x) < 0.75 ? 1 - Series(x)
        : x > 0 ? Tail(x) : 2 - Tail(-x);

    /// <summary>The y for which erf y = x.</summary>
    /// <remarks>A start within 1 % (S. Winitzki, 2008), then Halley steps, each of which triples the correct digits.</remarks>
    public static double Inverse(double x)
    {
        double size = Math.Abs(x);
        if (!(size < 1) || x == 0)
        {
            return size == 1 ? x * double.PositiveInfinity : size > 1 ? double.NaN : x;
        }

        double complement = 1 - size;
        double log = Math.Log(complement * (1 + size)), half = (2 / (Math.PI * 0.147)) + (log / 2);
        double y = Math.Sqrt(Math.Sqrt((half * half) - (log / 0.147)) - half);
        for (int step = 0; step < 3; step++)
        {
            double error = size < 0.5 ? Series(y) - size : complement - Erfc(y);
            double newton = error / (TwoOverRootPi * Math.Exp(-y * y));
            y -= newton / (1 + (y * newton));
        }

        return Math.CopySign(y, x);
    }

    /// <summary>E. Kummer's series, whose terms all have one sign: 2/√π · x · e^−x² · Σ (2x²)ⁿ / (1·3·…·(2n + 1)).</summary>
    private static double Series(double x)
    {
        double square = x * x, term = 1, sum = 1;
        for (int n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * square / ((2 * n) + 1);
            sum += term;
        }

        return TwoOverRootPi * x * Math.Exp(-square) * sum;
    }

    /// <summary>Laplace's continued fraction for erfc x, x > 0: e^−x²/√π · 1/(x + ½/(x + 1/(x + 1½/(x + …)))).</summary>
    private static double Tail(double x)
    {
        if (x > 27.3)
        {
            return 0;
        }

        // Lentz's method: the numerators and denominators of the convergents only ever appear as quotients.
        double value = x, c = x, d = 0;
        for (int n = 1; n < 2000; n++)
        {
            d = 1 / (x + (0.5 * n * d));
            c = x + (0.5 * n / c);
            double factor = c * d;
            value *= factor;
            if (Math.Abs(factor - 1) < 1e-16)
            {
                break;
            }
        }

        // x² is not exact, and its error would be multiplied by x²: a part whose square is exact is split off.
        double high = (float)x;
        return Math.Exp(-high * high) * Math.Exp((high - x) * (high + x)) * OneOverRootPi / value;
    }
}
