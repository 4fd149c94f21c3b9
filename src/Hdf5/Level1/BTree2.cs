using System.Numerics;

namespace KerasCompat.Hdf5;

/// <summary>Level 1A2, B-trees of version 2: records of one size, sorted by what they index.</summary>
internal sealed class BTree2
{
    private const int NodeOverhead = 10; // signature, version, type, checksum

    private readonly Place place;
    private readonly int type;
    private readonly int nodeSize;
    private readonly int recordSize;
    private readonly int countSize;
    private readonly long[] mostRecords;
    private readonly int[] totalSize;
    private readonly HashSet<long> seen = [];

    private BTree2(Place place, int type, int nodeSize, int recordSize, int depth)
    {
        (this.place, this.type, this.nodeSize, this.recordSize) = (place, type, nodeSize, recordSize);
        mostRecords = new long[depth + 1];
        totalSize = new int[depth + 1];

        // How wide the counts in a node are follows from how many records its subtree could hold (Level 1A2).
        mostRecords[0] = (nodeSize - NodeOverhead) / recordSize;
        countSize = BytesFor(mostRecords[0]);
        var total = (Int128)mostRecords[0];
        for (var level = 1; level <= depth; level++)
        {
            var pointer = PointerSize(level);
            mostRecords[level] = (nodeSize - NodeOverhead - pointer) / (recordSize + pointer);
            total = Int128.Min(((mostRecords[level] + 1) * total) + mostRecords[level], ulong.MaxValue);
            totalSize[level] = BytesFor((ulong)total);
        }
    }

    /// <summary>All records in order.</summary>
    /// <param name="address">The header.</param>
    /// <param name="types">The type of records it must hold, one of these.</param>
    /// <param name="place">Where the tree hangs.</param>
    public static List<ReadOnlyMemory<byte>> Records(long address, ReadOnlySpan<int> types, Place place)
    {
        const string structure = "B-tree header";
        var file = place.File;
        var c = new Cursor(place.Sealed(address, 22 + file.OffsetSize + file.LengthSize, "BTHD"u8, structure).Span, place, structure);
        c.Skip(4);
        c.Version(0, 0);
        var type = c.U8();
        var nodeSize = c.U32();
        var recordSize = c.U16();
        var depth = c.U16();
        c.Skip(2); // split and merge percent
        var root = c.Address();
        var rootCount = c.U16();
        var total = c.Length();
        if (!types.Contains(type))
        {
            throw place.Damaged($"a B-tree of type {type}", $"type {types[0]}");
        }

        if (recordSize == 0 || nodeSize < NodeOverhead + recordSize || nodeSize > file.Limits.MaxMetadataBytes || depth > 64)
        {
            throw place.Damaged($"a B-tree of nodes of {nodeSize} bytes, records of {recordSize} bytes and depth {depth}");
        }

        var records = new List<ReadOnlyMemory<byte>>();
        if (rootCount > 0 || total > 0)
        {
            new BTree2(place, type, (int)nodeSize, recordSize, depth).Node(root, rootCount, depth, records);
        }

        return records.Count == total ? records : throw place.Damaged($"a B-tree of {records.Count} records", $"{total}");
    }

    private static int BytesFor(long count) => BytesFor((ulong)count);

    private static int BytesFor(ulong count) => (BitOperations.Log2(count | 1) / 8) + 1;

    // A child of a node at this level: address, records in it, and, above the lowest, records below it.
    private int PointerSize(int level) => place.File.OffsetSize + countSize + (level > 1 ? totalSize[level - 1] : 0);

    private void Node(long address, long count, int level, List<ReadOnlyMemory<byte>> records)
    {
        var structure = level > 0 ? "B-tree internal node" : "B-tree leaf";
        if (count > mostRecords[level] || !seen.Add(address))
        {
            throw place.Damaged($"a {structure} at {address} of {count} records", $"at most {mostRecords[level]}, each node once");
        }

        var size = NodeOverhead + (count * recordSize) + (level > 0 ? (count + 1) * PointerSize(level) : 0);
        if (size > nodeSize)
        {
            throw place.Damaged($"a {structure} of {size} bytes", $"at most {nodeSize}");
        }

        var bytes = place.Sealed(address, size, level > 0 ? "BTIN"u8 : "BTLF"u8, structure);
        var c = new Cursor(bytes.Span, place, structure);
        c.Skip(4);
        c.Version(0, 0);
        if (c.U8() != type)
        {
            throw place.Damaged($"a {structure} of another type than its tree");
        }

        var first = c.Position;
        c.Skip(count * recordSize);
        for (var i = 0; i <= count; i++)
        {
            if (level > 0)
            {
                var child = c.Address();
                var childCount = c.Unsigned(countSize);
                c.Skip(level > 1 ? totalSize[level - 1] : 0);
                Node(child, childCount, level - 1, records);
            }

            if (i < count)
            {
                records.Add(bytes.Slice(first + (i * recordSize), recordSize));
            }
        }
    }
}
