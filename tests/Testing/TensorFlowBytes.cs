using System.Text;

namespace KerasCompat.Testing;

/// <summary>Writes what TensorFlow's files are made of: fields of protobuf, tables of LevelDB, checksums. Written for tests, apart from what reads them.</summary>
public static class TensorFlowBytes
{
    /// <summary>A field that is an integer.</summary>
    public static byte[] Number(int field, long value) => [.. Varint((ulong)(field << 3)), .. Varint((ulong)value)];

    /// <summary>A field that is bytes, or a message.</summary>
    public static byte[] Bytes(int field, byte[] value) => [.. Varint((ulong)((field << 3) | 2)), .. Varint((ulong)value.Length), .. value];

    /// <summary>A field that is a text.</summary>
    public static byte[] Utf8(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    /// <summary>An integer of seven bits a byte.</summary>
    public static byte[] Varint(ulong value)
    {
        var bytes = new List<byte>();
        for (; value >= 0x80; value >>= 7)
        {
            bytes.Add((byte)(value | 0x80));
        }

        return [.. bytes, (byte)value];
    }

    /// <summary>Castagnoli's checksum bit by bit, masked as TensorFlow does.</summary>
    public static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte value in bytes)
        {
            crc ^= value;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
            }
        }

        crc = ~crc;
        return ((crc >> 15) | (crc << 17)) + 0xA282EAD8;
    }

    /// <summary>A table of LevelDB: entries in blocks, each key without what it shares with the one before.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="entriesOfBlock">Entries of a block.</param>
    /// <param name="isPacked">Whether blocks are packed by Snappy, as literals only.</param>
    /// <param name="change">Changes a block before it is packed and its checksum taken.</param>
    public static byte[] Table(IEnumerable<(string Key, byte[] Value)> entries, int entriesOfBlock = 1000, bool isPacked = false, Func<byte[], byte[]>? change = null)
    {
        var file = new List<byte>();
        var blocks = new List<(string Key, byte[] Handle)>();
        foreach ((string Key, byte[] Value)[] block in entries.OrderBy(e => e.Key, StringComparer.Ordinal).Chunk(entriesOfBlock))
        {
            blocks.Add((block[^1].Key, Put(block)));
        }

        byte[] about = Put([]), index = Put([.. blocks]);
        byte[] footer = [.. about, .. index];
        return [.. file, .. footer, .. new byte[40 - footer.Length], .. BitConverter.GetBytes(0xDB4775248B80FB57)];

        byte[] Put((string Key, byte[] Value)[] block)
        {
            byte[] bytes = change is null ? Block(block) : change(Block(block));
            bytes = isPacked ? [.. Varint((ulong)bytes.Length), .. bytes.Chunk(60).SelectMany(piece => new[] { (byte)((piece.Length - 1) << 2) }.Concat(piece))] : bytes;
            byte[] handle = [.. Varint((ulong)file.Count), .. Varint((ulong)bytes.Length)];
            byte[] whole = [.. bytes, (byte)(isPacked ? 1 : 0)];
            file.AddRange([.. whole, .. BitConverter.GetBytes(Checksum(whole))]);
            return handle;
        }
    }

    private static byte[] Block((string Key, byte[] Value)[] entries)
    {
        var bytes = new List<byte>();
        string last = string.Empty;
        foreach ((string key, byte[] value) in entries)
        {
            int shared = key.Zip(last).TakeWhile(pair => pair.First == pair.Second).Count();
            bytes.AddRange([.. Varint((ulong)shared), .. Varint((ulong)(key.Length - shared)), .. Varint((ulong)value.Length), .. Encoding.Latin1.GetBytes(key[shared..]), .. value]);
            last = key;
        }

        return [.. bytes, 0, 0, 0, 0, 1, 0, 0, 0];
    }
}
