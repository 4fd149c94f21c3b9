using System.Buffers.Binary;

namespace KerasCompat.Hdf5;

/// <summary>
/// Filter 6: the distance of each value from the chunk's smallest, in as few bits as hold the largest. Floats were multiplied by a
/// power of ten first. All ones stand for the fill value where there is one.
/// </summary>
internal static class ScaleOffsetFilter
{
    private const int DecimalScaling = 0, IntegerScaling = 2;
    private const int ParameterCount = 20;
    private const int HeadSize = 21; // bits of a value, bytes of the smallest value, the smallest value in 16 bytes

    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored, IReadOnlyList<uint> parameters, int size, Place place)
    {
        var p = Parameters.Read(parameters, place);
        if (p.ScaleType == IntegerScaling && p.ScaleFactor == 8 * p.Size)
        {
            return stored;
        }

        if ((long)p.Count * p.Size != size)
        {
            throw place.Damaged($"a scale-offset filter over {p.Count} elements of {p.Size} bytes", $"{size} bytes");
        }

        var c = new Cursor(stored.Span, place, "scale-offset chunk");
        var bits = c.U32();
        var smallest = Smallest(c.Take(HeadSize - 4));
        if (bits > 8 * p.Size)
        {
            throw place.Damaged($"{bits} bits for values of {p.Size} bytes");
        }

        var output = new byte[size];
        if (bits == 8 * p.Size)
        {
            c.Take(size).CopyTo(output);
        }
        else
        {
            var reader = new BitReader(c.Take(c.Remaining), place);
            for (var at = 0; at < size; at += p.Size)
            {
                var value = Restore(reader.Read((int)bits), (int)bits, smallest, p);
                Write(value, output.AsSpan(at, p.Size));
            }
        }

        if (p.BigEndian)
        {
            NativeOrder.Reverse(output, p.Size);
        }

        return output;
    }

    private static ulong Smallest(ReadOnlySpan<byte> field)
    {
        Span<byte> value = stackalloc byte[8];
        value.Clear();
        field.Slice(1, Math.Min((int)field[0], 8)).CopyTo(value);
        return BinaryPrimitives.ReadUInt64LittleEndian(value);
    }

    private static ulong Restore(ulong distance, int bits, ulong smallest, in Parameters p)
    {
        if (p.Fill is { } fill && distance == (1ul << bits) - 1)
        {
            return fill;
        }

        // In the float's own precision, as libhdf5 computes it.
        return !p.IsFloat ? distance + smallest
            : p.Size == 4
                ? BitConverter.SingleToUInt32Bits(((int)distance / MathF.Pow(10, p.ScaleFactor)) + BitConverter.UInt32BitsToSingle((uint)smallest))
                : BitConverter.DoubleToUInt64Bits(((long)distance / Math.Pow(10, p.ScaleFactor)) + BitConverter.UInt64BitsToDouble(smallest));
    }

    private static void Write(ulong value, Span<byte> output)
    {
        for (var i = 0; i < output.Length; i++, value >>= 8)
        {
            output[i] = (byte)value;
        }
    }

    private readonly record struct Parameters(int ScaleType, int ScaleFactor, uint Count, bool IsFloat, int Size, bool BigEndian, ulong? Fill)
    {
        public static Parameters Read(IReadOnlyList<uint> p, Place place)
        {
            if (p.Count != ParameterCount)
            {
                throw place.Damaged($"a scale-offset filter of {p.Count} parameters", $"{ParameterCount}");
            }

            var (scaleType, factor, isFloat, size) = ((int)p[0], (int)p[1], p[3] == 1, (int)p[4]);
            if (p[3] > 1 || size is not (1 or 2 or 4 or 8) || (isFloat && size < 4)
                || scaleType != (isFloat ? DecimalScaling : IntegerScaling) || (!isFloat && factor > 8 * size))
            {
                throw place.Damaged($"a scale-offset filter of scale type {scaleType}, class {p[3]}, {size} bytes");
            }

            ulong? fill = p[7] == 1 ? p[8] | ((ulong)p[9] << 32) : null;
            return new Parameters(scaleType, factor, p[2], isFloat, size, p[6] == 1, fill);
        }
    }
}
