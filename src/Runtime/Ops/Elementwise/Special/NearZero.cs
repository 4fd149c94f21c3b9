namespace KerasCompat.Runtime;

/// <summary>e^x − 1 and log(1 + x) in double precision without the cancellation near zero that .NET's ExpM1 and LogP1 have.</summary>
/// <remarks>W. Kahan's device: the rounding error of the inner function is undone by dividing through what was really computed.</remarks>
internal static class NearZero
{
    public static double Expm1(double x)
    {
        if (Math.Abs(x) > 1)
        {
            return Math.Exp(x) - 1;
        }

        double u = Math.Exp(x), difference = u - 1;
        return u == 1 ? x : difference * x / Math.Log(u);
    }

    public static double Log1p(double x)
    {
        double u = 1 + x;
        return u == 1 ? x
            : double.IsFinite(u) ? Math.Log(u) * x / (u - 1)
            : Math.Log(u);
    }

    /// <summary>log(1 + e^x).</summary>
    public static double Softplus(double x) => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x)));

    /// <summary>log(e^a + e^b).</summary>
    public static double LogAddExp(double a, double b) =>
        a == b ? a + 0.693147180559945309417232121458 : Math.Max(a, b) + Log1p(Math.Exp(-Math.Abs(a - b)));
}
