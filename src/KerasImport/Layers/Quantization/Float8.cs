using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Rounding to the eight-bit float e4m3fn: 3 bits of fraction, exponents −6 to 8, largest 448, steps of 2⁻⁹ below 2⁻⁶.</summary>
internal static class Float8
{
    private const double Largest = 448;
    private const int SmallestExponent = -6;
    private const int FractionBits = 3;

    /// <summary><c>round(clip(x / scale)) · scale</c>: what x becomes on its way through eight bits.</summary>
    public static Value ThereAndBack(GraphBuilder g, Value x, Value scale)
    {
        Value divided = g.Clip(g.Div(x, scale), -Largest, Largest);
        Value exponent = g.Floor(g.Log2(g.Maximum(g.Abs(divided), Math.Pow(2, SmallestExponent))));
        Value step = g.Exp2(g.Sub(exponent, FractionBits));
        return g.Mul(g.Mul(g.Round(g.Div(divided, step)), step), scale);
    }
}
