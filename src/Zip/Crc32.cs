using System.Buffers.Binary;

namespace KerasCompat.Zip;

/// <summary>The checksum of zip and gzip: CRC-32, reflected polynomial 0xEDB88320, eight bytes a step.</summary>
internal static class Crc32
{
    /// <summary><c>Table[k * 256 + b]</c> is the checksum of byte b followed by k zero bytes.</summary>
    private static readonly uint[] Table = MakeTable();

    /// <summary>The checksum of bytes that follow others of the given checksum; 0 at the start.</summary>
    public static uint Append(uint checksum, ReadOnlySpan<byte> bytes)
    {
        uint crc = ~checksum;
        ReadOnlySpan<uint> t = Table;
        while (bytes.Length >= 8)
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(bytes) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
            crc = t[(int)(1792 + (low & 255))] ^ t[(int)(1536 + ((low >> 8) & 255))]
                ^ t[(int)(1280 + ((low >> 16) & 255))] ^ t[(int)(1024 + (low >> 24))]
                ^ t[(int)(768 + (high & 255))] ^ t[(int)(512 + ((high >> 8) & 255))]
                ^ t[(int)(256 + ((high >> 16) & 255))] ^ t[(int)(high >> 24)];
            bytes = bytes[8..];
        }

        foreach (byte b in bytes)
        {
            crc = t[(int)((crc ^ b) & 255)] ^ (crc >> 8);
        }

        return ~crc;
    }

    private static uint[] MakeTable()
    {
        var table = new uint[8 * 256];
        for (uint b = 0; b < 256; b++)
        {
            uint crc = b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
            }

            table[b] = crc;
        }

        for (int i = 256; i < table.Length; i++)
        {
            table[i] = (table[i - 256] >> 8) ^ table[table[i - 256] & 255];
        }

        return table;
    }
}
