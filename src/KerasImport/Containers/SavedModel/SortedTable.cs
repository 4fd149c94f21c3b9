using System.Buffers.Binary;

namespace KerasCompat.Containers;

/// <summary>
/// A table of keys and values in TensorFlow's copy of LevelDB's format: blocks of entries sorted by key, a block that lists the blocks, and a
/// footer that says where it lies. Of a key only what differs from the key before it is stored.
/// </summary>
/// <remarks>TensorFlow, <c>core/lib/io/format.h</c>, <c>block.cc</c>; github.com/google/leveldb, <c>doc/table_format.md</c>.</remarks>
internal sealed class SortedTable
{
    private const int Footer = 48;
    private const int Trailer = 5;
    private const ulong Magic = 0xDB4775248B80FB57;

    private readonly byte[] _file;
    private readonly string _place;
    private readonly ReadLimits _limits;
    private readonly Dictionary<string, byte[]> _entries = new(StringComparer.Ordinal);
    private byte[] _last = [];
    private long _keyBytes;

    private SortedTable(byte[] file, string place, ReadLimits limits) => (_file, _place, _limits) = (file, place, limits);

    /// <summary>All entries of a table; keys are bytes taken for Latin-1 text.</summary>
    /// <exception cref="ModelFormatException">It is no table, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more entries than the limits allow.</exception>
    public static IReadOnlyDictionary<string, byte[]> Read(byte[] file, string place, ReadLimits limits)
    {
        var table = new SortedTable(file, place, limits);
        table.Read();
        return table._entries;
    }

    private void Read()
    {
        if (_file.Length < Footer || BinaryPrimitives.ReadUInt64LittleEndian(_file.AsSpan(_file.Length - sizeof(ulong))) != Magic)
        {
            throw ForeignFile.Find(_file.AsSpan(0, Math.Min(_file.Length, ForeignFile.Head))) is { } foreign
                ? new ModelFormatException(_place, foreign.What, "a table of TensorFlow's", foreign.Remedy)
                : Damaged($"{_file.Length} bytes that do not end as a table does");
        }

        int at = _file.Length - Footer;
        Handle(_file, ref at); // of a block about the table, which TensorFlow leaves empty
        byte[] index = Block(Handle(_file, ref at));
        Walk(index, (_, value) =>
        {
            int start = 0;
            Walk(Block(Handle(value.Span, ref start)), Add);
        });
    }

    /// <summary>Keys ascend over all blocks, so that no block can be listed twice.</summary>
    private void Add(byte[] key, ReadOnlyMemory<byte> value)
    {
        _limits.CancellationToken.ThrowIfCancellationRequested();
        if (_entries.Count > 0 && key.AsSpan().SequenceCompareTo(_last) <= 0)
        {
            throw Damaged("keys that do not ascend");
        }

        // Keys may share what they begin with, and then take more memory than they have bytes in the file.
        _keyBytes += key.Length;
        if (_entries.Count >= _limits.MaxObjects || _keyBytes > _limits.MaxMetadataBytes)
        {
            throw new ResourceLimitException(_place, $"more than {_entries.Count} entries with keys of {_keyBytes} bytes", $"at most {_limits.MaxObjects} entries with {_limits.MaxMetadataBytes} bytes");
        }

        _last = key;
        _entries.Add(System.Text.Encoding.Latin1.GetString(key), value.ToArray());
    }

    private (ulong Offset, ulong Length) Handle(ReadOnlySpan<byte> bytes, ref int at) => (Varint.Read(bytes, ref at, _place), Varint.Read(bytes, ref at, _place));

    /// <summary>A block's bytes, unpacked; after them stand the packing and a checksum of both.</summary>
    private byte[] Block((ulong Offset, ulong Length) handle)
    {
        (ulong offset, ulong length) = handle;
        ulong available = (ulong)(_file.Length - Footer);
        if (offset > available || length > available - offset || available - offset - length < Trailer)
        {
            throw Damaged($"a block of {length} bytes at byte {offset} of {_file.Length}");
        }

        ReadOnlySpan<byte> block = _file.AsSpan((int)offset, (int)length);
        ReadOnlySpan<byte> trailer = _file.AsSpan((int)(offset + length), Trailer);
        if (MaskedCrc32C.Of(_file.AsSpan((int)offset, (int)length + 1)) != BinaryPrimitives.ReadUInt32LittleEndian(trailer[1..]))
        {
            throw Damaged($"a block at byte {offset} whose checksum is wrong");
        }

        return trailer[0] switch
        {
            0 => block.ToArray(),
            1 => SnappyBlock.Unpack(block, _place),
            byte packing => throw Damaged($"a block packed in way {packing}"),
        };
    }

    /// <summary>Each entry: how many bytes of its key are the last one's, how many follow, how long the value is; the rest of the key; the value.</summary>
    private void Walk(byte[] block, Action<byte[], ReadOnlyMemory<byte>> use)
    {
        // At the end stand the places where keys are whole, and their number.
        long restarts = block.Length < sizeof(uint) ? long.MaxValue : BinaryPrimitives.ReadUInt32LittleEndian(block.AsSpan(block.Length - sizeof(uint)));
        long end = restarts > int.MaxValue ? -1 : block.Length - (sizeof(uint) * (restarts + 1));
        if (end < 0)
        {
            throw Damaged($"a block of {block.Length} bytes with {restarts} restarts");
        }

        byte[] key = [];
        for (int at = 0; at < end;)
        {
            ReadOnlySpan<byte> entries = block.AsSpan(0, (int)end);
            ulong shared = Varint.Read(entries, ref at, _place), own = Varint.Read(entries, ref at, _place), length = Varint.Read(entries, ref at, _place);
            ulong left = (ulong)(entries.Length - at);
            if (shared > (ulong)key.Length || own > left || length > left - own || shared + own > (ulong)_limits.MaxMetadataBytes)
            {
                throw Damaged("an entry that goes beyond its block");
            }

            key = [.. key.AsSpan(0, (int)shared), .. entries.Slice(at, (int)own)];
            at += (int)own;
            use(key, block.AsMemory(at, (int)length));
            at += (int)length;
        }
    }

    private ModelFormatException Damaged(string found) => new(_place, found, "a table of TensorFlow's", "copy or download the file again");
}
