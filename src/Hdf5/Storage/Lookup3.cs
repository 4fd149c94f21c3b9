using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace KerasCompat.Hdf5;

/// <summary>
/// The checksum of version-2 structures: Bob Jenkins's lookup3 hash (<c>hashlittle</c>, initial value 0) of everything before it.
/// </summary>
internal static class Lookup3
{
    public const int Size = 4;

    /// <summary>Whether the last four bytes are the checksum of those before.</summary>
    public static bool Verifies(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Size && BinaryPrimitives.ReadUInt32LittleEndian(bytes[^Size..]) == Hash(bytes[..^Size]);

    /// <summary>Throws unless an index holds the hash of the name it leads to: by the hash the name is looked up.</summary>
    public static void CheckName(string name, ReadOnlySpan<byte> hash, Place place)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(hash) != Hash(Encoding.UTF8.GetBytes(name)))
        {
            throw place.Damaged($"the name \"{name}\" under another name's hash");
        }
    }

    public static uint Hash(ReadOnlySpan<byte> data)
    {
        uint a, b, c;
        a = b = c = 0xDEADBEEF + (uint)data.Length;
        while (data.Length > 12)
        {
            a += BinaryPrimitives.ReadUInt32LittleEndian(data);
            b += BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            c += BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
            a = (a - c) ^ BitOperations.RotateLeft(c, 4);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 6);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 8);
            b += a;
            a = (a - c) ^ BitOperations.RotateLeft(c, 16);
            c += b;
            b = (b - a) ^ BitOperations.RotateLeft(a, 19);
            a += c;
            c = (c - b) ^ BitOperations.RotateLeft(b, 4);
            b += a;
            data = data[12..];
        }

        if (data.Length == 0)
        {
            return c;
        }

        Span<byte> last = stackalloc byte[12];
        last.Clear();
        data.CopyTo(last);
        a += BinaryPrimitives.ReadUInt32LittleEndian(last);
        b += BinaryPrimitives.ReadUInt32LittleEndian(last[4..]);
        c += BinaryPrimitives.ReadUInt32LittleEndian(last[8..]);
        c = (c ^ b) - BitOperations.RotateLeft(b, 14);
        a = (a ^ c) - BitOperations.RotateLeft(c, 11);
        b = (b ^ a) - BitOperations.RotateLeft(a, 25);
        c = (c ^ b) - BitOperations.RotateLeft(b, 16);
        a = (a ^ c) - BitOperations.RotateLeft(c, 4);
        b = (b ^ a) - BitOperations.RotateLeft(a, 14);
        return (c ^ b) - BitOperations.RotateLeft(b, 24);
    }
}
