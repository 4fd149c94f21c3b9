namespace KerasCompat.Runtime.Tests.Kernels;

/// <summary>Distances between floats in units of the last place of the expected one.</summary>
internal static class Ulps
{
    public static double Between(float actual, double expected)
    {
        float rounded = (float)expected;
        if (float.IsNaN(rounded) || float.IsNaN(actual))
        {
            return float.IsNaN(rounded) && float.IsNaN(actual) ? 0 : double.PositiveInfinity;
        }

        if (float.IsInfinity(rounded) || float.IsInfinity(actual))
        {
            return rounded == actual ? 0 : double.PositiveInfinity;
        }

        double unit = MathF.BitIncrement(Math.Abs(rounded)) - (double)Math.Abs(rounded);
        return Math.Abs(actual - expected) / Math.Max(unit, float.Epsilon);
    }

}
