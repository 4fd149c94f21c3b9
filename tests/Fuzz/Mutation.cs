using System.Buffers.Binary;

namespace KerasCompat.Fuzz;

/// <summary>Changes bytes without knowing what they mean.</summary>
internal static class Mutation
{
    private static readonly byte[] Extremes = [0, 1, 0x7F, 0x80, 0xFE, 0xFF];

    /// <summary>One to several changes, seldom ones of length.</summary>
    /// <param name="original">The bytes; they stay as they are.</param>
    /// <param name="random">Decides.</param>
    public static byte[] Of(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int changes = 1 + (random.Next(3) == 0 ? random.Next(8) : 0); changes > 0 && bytes.Length > 0; changes--)
        {
            bytes = random.Next(16) switch
            {
                0 => bytes[..random.Next(bytes.Length)],
                1 => Inserted(bytes, random),
                2 => Deleted(bytes, random),
                3 or 4 => Copied(bytes, random),
                5 or 6 or 7 or 8 => WithNumber(bytes, random),
                9 or 10 => WithDigits(bytes, random),
                11 or 12 => WithByte(bytes, random, (byte)random.Next(256)),
                13 => WithByte(bytes, random, Extremes[random.Next(Extremes.Length)]),
                _ => WithFlip(bytes, random),
            };
        }

        return bytes;
    }

    private static byte[] WithFlip(byte[] bytes, Random random)
    {
        bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    private static byte[] WithByte(byte[] bytes, Random random, byte value)
    {
        bytes[random.Next(bytes.Length)] = value;
        return bytes;
    }

    /// <summary>A number of 2, 4 or 8 bytes where one may stand: too large, negative, the file's length, one off.</summary>
    private static byte[] WithNumber(byte[] bytes, Random random)
    {
        int size = 1 << random.Next(1, 4);
        if (bytes.Length < size)
        {
            return bytes;
        }

        int at = random.Next(bytes.Length - size + 1);
        at -= random.Next(2) * (at % size);
        Span<byte> field = bytes.AsSpan(at, size);
        long old = Numbers.Read(field);
        Numbers.Write(field, random.Next(4) == 0 ? old + random.Next(-2, 3) : Numbers.Extreme(size, bytes.Length, random));
        return bytes;
    }

    /// <summary>Other digits where text has a number.</summary>
    private static byte[] WithDigits(byte[] bytes, Random random)
    {
        int start = random.Next(bytes.Length);
        int at = bytes.AsSpan(start).IndexOfAnyInRange((byte)'0', (byte)'9');
        for (at += start; at >= start && at < bytes.Length && bytes[at] is >= (byte)'0' and <= (byte)'9'; at++)
        {
            bytes[at] = random.Next(3) == 0 ? (byte)'9' : (byte)('0' + random.Next(10));
        }

        return bytes;
    }

    private static byte[] Copied(byte[] bytes, Random random)
    {
        int length = random.Next(1, Math.Min(bytes.Length, 64) + 1);
        bytes.AsSpan(random.Next(bytes.Length - length + 1), length).ToArray().CopyTo(bytes, random.Next(bytes.Length - length + 1));
        return bytes;
    }

    private static byte[] Inserted(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length + 1);
        var more = new byte[random.Next(1, 33)];
        random.NextBytes(more);
        return [.. bytes[..at], .. more, .. bytes[at..]];
    }

    private static byte[] Deleted(byte[] bytes, Random random)
    {
        int at = random.Next(bytes.Length), length = Math.Min(random.Next(1, 33), bytes.Length - at);
        return [.. bytes[..at], .. bytes[(at + length)..]];
    }
}

/// <summary>Little-endian numbers of 1 to 8 bytes.</summary>
internal static class Numbers
{
    public static long Read(ReadOnlySpan<byte> field)
    {
        Span<byte> whole = stackalloc byte[8];
        field.CopyTo(whole);
        return BinaryPrimitives.ReadInt64LittleEndian(whole);
    }

    public static void Write(Span<byte> field, long value)
    {
        Span<byte> whole = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(whole, value);
        whole[..field.Length].CopyTo(field);
    }

    /// <summary>A number of a size that code is apt to take badly.</summary>
    public static long Extreme(int size, int length, Random random)
    {
        long[] values = Extremes(size, length);
        return values[random.Next(values.Length)];
    }

    /// <summary>The numbers of a size that code is apt to take badly.</summary>
    public static long[] Extremes(int size, int length) =>
        [0, 1, -1, -2, 1L << ((8 * size) - 1), (1L << ((8 * size) - 1)) - 1, 1L << ((8 * size) - 2), length, length - 1, int.MaxValue, 1L << 32, 0x2000_0000_0000_0001];
}
