using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime;

/// <summary>A bfloat16: the upper 16 bits of a single-precision number.</summary>
/// <param name="Bits">Sign, 8 bits of exponent, 7 bits of mantissa.</param>
public readonly record struct BFloat16(ushort Bits)
{
    /// <summary>Rounds a single to the nearest bfloat16, ties to even. NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator BFloat16(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if (float.IsNaN(value))
        {
            return new BFloat16((ushort)((bits >> 16) | 0x40));
        }

        return new BFloat16((ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16));
    }

    /// <summary>Widens exactly.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static explicit operator float(BFloat16 value) => BitConverter.UInt32BitsToSingle((uint)value.Bits << 16);

    /// <inheritdoc/>
    public override string ToString() => ((float)this).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
