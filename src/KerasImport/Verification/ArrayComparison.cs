using System.Globalization;
using KerasCompat.Runtime;

namespace KerasCompat.Verification;

/// <summary>How far an array is from the one wanted.</summary>
/// <param name="Name">What was compared.</param>
/// <param name="LargestAbsolute">The largest absolute difference; infinite where one side is NaN and the other is not.</param>
/// <param name="LargestRelative">The largest difference relative to the wanted number, where that is not 0.</param>
/// <param name="Failures">Elements outside the tolerance.</param>
/// <param name="Mismatch">Why the arrays could not be compared (shapes, text against numbers), or null.</param>
public sealed record ArrayComparison(string Name, double LargestAbsolute, double LargestRelative, int Failures, string? Mismatch = null)
{
    /// <summary>True where every element is within the tolerance.</summary>
    public bool Passes => Failures == 0 && Mismatch is null;

    /// <summary>Compares element by element.</summary>
    /// <param name="name">What is compared.</param>
    /// <param name="got">What this library computed.</param>
    /// <param name="want">What Keras computed; where it was thinned, every stride-th element.</param>
    /// <param name="tolerance">How close they must come.</param>
    /// <param name="stride">1, or the stride of a thinned array.</param>
    /// <param name="fullShape">The full shape of a thinned array.</param>
    public static ArrayComparison Of(string name, Tensor got, Tensor want, Tolerance tolerance, int stride = 1, IReadOnlyList<int>? fullShape = null)
    {
        Shape shape = fullShape is null ? want.Shape : new Shape([.. fullShape]);
        if (got.Shape != shape)
        {
            return Incomparable(name, $"shape {got.Shape}, expected {shape}");
        }

        if (stride < 1 || (want.Length - 1L) * stride >= Math.Max(got.Length, 1))
        {
            return Incomparable(name, $"{got.Length} elements, expected every {stride}th of more: {want.Length} are kept");
        }

        if (got.DType == DType.String || want.DType == DType.String)
        {
            return got is Tensor<string> g && want is Tensor<string> w
                ? OfTexts(name, g, w, stride)
                : Incomparable(name, $"{got.DType.Name()}, expected {want.DType.Name()}");
        }

        double[] a = got.Cast(DType.Float64).As<double>().ToArray(), b = want.Cast(DType.Float64).As<double>().ToArray();
        double absolute = 0, relative = 0;
        int failures = 0;
        for (int i = 0; i < b.Length; i++)
        {
            double x = a[i * stride], y = b[i];
            failures += tolerance.Allows(x, y) ? 0 : 1;
            double difference = x == y || (double.IsNaN(x) && double.IsNaN(y)) ? 0 : Math.Abs(x - y);
            difference = double.IsNaN(difference) ? double.PositiveInfinity : difference;
            absolute = Math.Max(absolute, difference);
            relative = y == 0 ? relative : Math.Max(relative, difference / Math.Abs(y));
        }

        return new ArrayComparison(name, absolute, relative, failures);
    }

    /// <summary>The outcome as text.</summary>
    public override string ToString() => Mismatch is not null
        ? $"{Name}: {Mismatch}"
        : string.Create(CultureInfo.InvariantCulture, $"{Name}: largest difference {LargestAbsolute:0.##e+0} absolute, {LargestRelative:0.##e+0} relative{(Failures > 0 ? $", {Failures} elements outside the tolerance" : string.Empty)}");

    private static ArrayComparison Incomparable(string name, string why) => new(name, double.PositiveInfinity, double.PositiveInfinity, 1, why);

    private static ArrayComparison OfTexts(string name, Tensor<string> got, Tensor<string> want, int stride)
    {
        int failures = 0;
        for (int i = 0; i < want.Length; i++)
        {
            failures += got.Span[i * stride] == want.Span[i] ? 0 : 1;
        }

        return new ArrayComparison(name, failures == 0 ? 0 : double.PositiveInfinity, 0, failures);
    }
}
