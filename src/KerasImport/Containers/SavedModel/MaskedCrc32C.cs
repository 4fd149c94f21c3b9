using System.Buffers.Binary;
using System.Numerics;

namespace KerasCompat.Containers;

/// <summary>The checksum of TensorFlow's files: CRC-32 with Castagnoli's polynomial, and then "masked", so that a checksum of bytes that hold checksums is worth something.</summary>
/// <remarks>TensorFlow, <c>core/lib/hash/crc32c.h</c>.</remarks>
internal static class MaskedCrc32C
{
    private const uint Delta = 0xA282EAD8;

    /// <summary>The checksum of bytes as a file holds it.</summary>
    public static uint Of(ReadOnlySpan<byte> bytes) => Mask(Extend(0, bytes));

    /// <summary>A plain checksum as a file holds it.</summary>
    public static uint Mask(uint crc) => BitOperations.RotateRight(crc, 15) + Delta;

    /// <summary>The plain checksum of all that a checksum covers, and of the bytes that follow.</summary>
    public static uint Extend(uint crc, ReadOnlySpan<byte> bytes)
    {
        crc = ~crc;
        for (; bytes.Length >= sizeof(ulong); bytes = bytes[sizeof(ulong)..])
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        }

        foreach (byte value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
