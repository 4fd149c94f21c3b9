namespace KerasCompat.Hdf5;

/// <summary>
/// Level 1I, the shared object header message table: for each kind of message the fractal heap that keeps those many objects share.
/// A message that refers to it holds its place in the heap, so the table's lists and B-trees are not needed to read.
/// </summary>
internal sealed class SharedMessageTable
{
    private readonly List<(int Kinds, long Heap)> indexes;
    private readonly Dictionary<long, FractalHeap> heaps = [];

    private SharedMessageTable(List<(int Kinds, long Heap)> indexes) => this.indexes = indexes;

    /// <summary>Reads the table that message 0x000F (IV.A.2.p) of the superblock extension points to.</summary>
    public static SharedMessageTable Read(ref Cursor message)
    {
        const string structure = "shared message table";
        var place = message.Place;
        var file = place.File;
        message.Version(0, 0);
        var address = message.Address();
        var count = message.U8();
        var entrySize = 14 + (2 * file.OffsetSize);
        var c = new Cursor(place.Sealed(address, 8 + (count * entrySize), "SMTB"u8, structure).Span, place, structure);
        c.Skip(4);
        var indexes = new List<(int, long)>(count);
        for (var i = 0; i < count; i++)
        {
            c.Version(0, 0);
            c.Skip(1); // list or B-tree
            var kinds = c.U16();
            c.Skip(10); // smallest message, cut-offs, number of messages
            c.Skip(file.OffsetSize); // index
            indexes.Add((kinds, c.Address()));
        }

        return new SharedMessageTable(indexes);
    }

    /// <summary>The message of a kind that lies in its heap under an identifier.</summary>
    public ReadOnlyMemory<byte> Message(MessageType type, ReadOnlySpan<byte> id, Place place)
    {
        var index = indexes.FindIndex(i => (i.Kinds & (1 << (int)type)) != 0);
        if (index < 0)
        {
            throw place.Damaged($"a shared message of type {type}, for which the file has no heap");
        }

        lock (heaps)
        {
            var address = indexes[index].Heap;
            if (!heaps.TryGetValue(address, out var heap))
            {
                heaps.Add(address, heap = FractalHeap.Read(address, place));
            }

            return heap.Object(id, place);
        }
    }
}
