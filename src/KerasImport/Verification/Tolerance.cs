using System.Globalization;

namespace KerasCompat.Verification;

/// <summary>How close numbers must come: <c>|got − want| ≤ Absolute + Relative · |want|</c>; NaN equals NaN.</summary>
/// <param name="Absolute">The absolute part.</param>
/// <param name="Relative">The part of the wanted number.</param>
public sealed record Tolerance(double Absolute, double Relative)
{
    /// <summary>What float32 networks are held to: 1e-5 and 1e-5.</summary>
    public static Tolerance Default { get; } = new(1e-5, 1e-5);

    /// <summary>True where a number is close enough.</summary>
    public bool Allows(double got, double want) =>
        got == want
        || (double.IsNaN(got) && double.IsNaN(want))
        || (double.IsFinite(got) && double.IsFinite(want) && Math.Abs(got - want) <= Absolute + (Relative * Math.Abs(want)));

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"atol {Absolute:0.###e+0}, rtol {Relative:0.###e+0}");
}
