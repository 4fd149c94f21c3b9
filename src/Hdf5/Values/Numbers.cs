using System.Buffers.Binary;

namespace KerasCompat.Hdf5;

/// <summary>Single numbers of any format HDF5 can describe.</summary>
internal static class Numbers
{
    /// <summary>An integer or set of bits of at most 8 bytes; an unsigned one as the long of the same bits.</summary>
    public static long Integer(ReadOnlySpan<byte> element, Hdf5Type type)
    {
        var bits = (long)(ulong)(Bits(element, type) >> type.BitOffset);
        var free = 64 - type.Precision;
        return type.IsSigned ? bits << free >> free : (long)((ulong)bits << free >> free);
    }

    /// <summary>A floating-point number of at most 16 bytes, rounded to a double where it holds more.</summary>
    public static double Float(ReadOnlySpan<byte> element, Hdf5Type type)
    {
        var format = type.Float!;
        var bits = Bits(element, type);
        var negative = (bits >> format.SignBit & 1) != 0;
        var exponent = (long)Part(bits, format.ExponentBit, format.ExponentBits);
        var mantissa = Part(bits, format.MantissaBit, format.MantissaBits);
        var special = exponent == (1L << format.ExponentBits) - 1;

        // Without an implied bit the mantissa's highest bit is the one before the point.
        var fractionBits = format.ImpliedBit ? format.MantissaBits : format.MantissaBits - 1;
        double value;
        if (special)
        {
            var fraction = format.ImpliedBit ? mantissa : mantissa & ((UInt128.One << fractionBits) - 1);
            value = fraction == 0 ? double.PositiveInfinity : double.NaN;
        }
        else
        {
            var scale = (exponent == 0 ? 1 : exponent) - format.Bias - fractionBits;
            mantissa += format.ImpliedBit && exponent != 0 ? UInt128.One << fractionBits : 0;
            value = mantissa == 0 ? 0 : Math.ScaleB((double)mantissa, (int)Math.Clamp(scale, -100_000, 100_000));
        }

        return negative ? -value : value;
    }

    private static UInt128 Part(UInt128 bits, int start, int count) => bits >> start & ((UInt128.One << count) - 1);

    private static UInt128 Bits(ReadOnlySpan<byte> element, Hdf5Type type)
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
