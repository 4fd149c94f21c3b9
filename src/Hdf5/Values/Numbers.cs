using System.Buffers.Binary;

namespace KerasCompat.Hdf5;

/// <summary>Single numbers of any format HDF5 can describe.</summary>
internal static class Numbers
{
    /// <summary>An integer or set of bits of at most 8 bytes; an unsigned one as the long of the same bits.</summary>
    public static long Integer(ReadOnlySpan<byte> element, Hdf5Type type)
    {
        var bits = (long)(Bits(element, type) >> type.BitOffset);
        var free = 64 - type.Precision;
        return type.IsSigned ? bits << free >> free : (long)((ulong)bits << free >> free);
    }

    /// <summary>A floating-point number of at most 16 bytes, rounded to a double where it holds more.</summary>
    public static double Float(ReadOnlySpan<byte> element, Hdf5Type type)
    {
        var format = type.Float!;
        if (type.Size > 8)
        {
            var wide = WideBits(element, type);
            return Compose(
                (wide >> format.SignBit & 1) != 0, (long)Part(wide, format.ExponentBit, format.ExponentBits),
                Part(wide, format.MantissaBit, format.MantissaBits), format);
        }

        var bits = Bits(element, type);
        return Compose(
            (bits >> format.SignBit & 1) != 0, (long)Part(bits, format.ExponentBit, format.ExponentBits),
            Part(bits, format.MantissaBit, format.MantissaBits), format);
    }

    private static double Compose(bool negative, long exponent, UInt128 mantissa, Hdf5FloatFormat format)
    {
        // Without an implied bit the mantissa's highest bit is the one before the point.
        var fractionBits = format.ImpliedBit ? format.MantissaBits : format.MantissaBits - 1;
        double value;
        if (exponent == (1L << format.ExponentBits) - 1)
        {
            value = (mantissa & ((UInt128.One << fractionBits) - 1)) == 0 ? double.PositiveInfinity : double.NaN;
        }
        else
        {
            mantissa += format.ImpliedBit && exponent != 0 ? UInt128.One << fractionBits : 0;
            value = Scale((double)mantissa, Math.Max(exponent, 1) - format.Bias - fractionBits);
        }

        return negative ? -value : value;
    }

    // Most numbers and most of their parts fit in 64 bits, where this is several times as fast.
    private static double Compose(bool negative, long exponent, ulong mantissa, Hdf5FloatFormat format)
    {
        var fractionBits = format.ImpliedBit ? format.MantissaBits : format.MantissaBits - 1;
        if (fractionBits > 62)
        {
            return Compose(negative, exponent, (UInt128)mantissa, format);
        }

        double value;
        if (exponent == (1L << format.ExponentBits) - 1)
        {
            value = (mantissa & ((1ul << fractionBits) - 1)) == 0 ? double.PositiveInfinity : double.NaN;
        }
        else
        {
            mantissa += format.ImpliedBit && exponent != 0 ? 1ul << fractionBits : 0;
            value = Scale(mantissa, Math.Max(exponent, 1) - format.Bias - fractionBits);
        }

        return negative ? -value : value;
    }

    // By a product with a power of two where that is a normal number: Math.ScaleB is slow.
    private static double Scale(double mantissa, long exponent) =>
        exponent is >= -1022 and <= 1023
            ? mantissa * BitConverter.Int64BitsToDouble((exponent + 1023) << 52)
            : Math.ScaleB(mantissa, (int)Math.Clamp(exponent, -100_000, 100_000));

    private static ulong Part(ulong bits, int start, int count) => count >= 64 ? bits >> start : bits >> start & ((1ul << count) - 1);

    private static UInt128 Part(UInt128 bits, int start, int count) => count >= 128 ? bits >> start : bits >> start & ((UInt128.One << count) - 1);

    private static ulong Bits(ReadOnlySpan<byte> element, Hdf5Type type)
    {
        ulong bits = 0;
        var bigEndian = type.ByteOrder == Hdf5ByteOrder.BigEndian;
        for (var i = 0; i < type.Size; i++)
        {
            bits = (bits << 8) | element[bigEndian ? i : type.Size - 1 - i];
        }

        return bits;
    }

    private static UInt128 WideBits(ReadOnlySpan<byte> element, Hdf5Type type)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        element[..type.Size].CopyTo(bytes);
        if (type.ByteOrder == Hdf5ByteOrder.BigEndian)
        {
            bytes[..type.Size].Reverse();
        }

        return BinaryPrimitives.ReadUInt128LittleEndian(bytes);
    }
}
