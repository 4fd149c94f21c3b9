namespace KerasCompat.Hdf5;

/// <summary>Level 1B and 1C, symbol table nodes and their entries: the links of an old group.</summary>
internal static class SymbolTable
{
    private const uint SoftLink = 2;

    public static List<Hdf5Link> Links(long tree, long heapAddress, Place place)
    {
        var file = place.File;
        var heap = LocalHeap.Read(heapAddress, place);
        var links = new List<Hdf5Link>();
        var last = Array.Empty<byte>();
        long nameBytes = 0;
        BTree1.ForEach(tree, nodeType: 0, keySize: file.LengthSize, 2 * file.GroupInternalK, place, (before, node, after) =>
        {
            // Names in a node lie above the key before it and not above the key behind it. Whoever looks a name up
            // relies on that, so a table that breaks it is refused and not half read.
            var lower = new Cursor(before, place, "B-tree key").Length();
            var upper = new Cursor(after, place, "B-tree key").Length();
            if (heap.Name(lower).SequenceCompareTo(last) < 0)
            {
                throw place.Damaged("a B-tree whose keys do not ascend");
            }

            foreach (var (name, link) in Node(node, heap, place))
            {
                if (name.AsSpan().SequenceCompareTo(heap.Name(lower)) < 0 || name.AsSpan().SequenceCompareTo(heap.Name(upper)) > 0
                    || (links.Count > 0 && name.AsSpan().SequenceCompareTo(last) <= 0))
                {
                    throw place.Damaged($"the name {Text.Printable(name)} out of order in a symbol table");
                }

                // Each link has its own part of the heap; names that share theirs would add up to more than the file holds.
                nameBytes += name.Length + (link.TargetPath?.Length ?? 0);
                if (nameBytes > heap.Size)
                {
                    throw place.Damaged("names that overlap in a local heap");
                }

                last = name;
                links.Add(link);
            }
        });
        return links;
    }

    private static List<(byte[] Name, Hdf5Link Link)> Node(long address, LocalHeap heap, Place place)
    {
        const int headSize = 8;
        var file = place.File;
        var head = new Cursor(place.Metadata(address, headSize, "symbol table node").Span, place, "symbol table node");
        place.CheckSignature(head.Take(4), "SNOD"u8, "symbol table node");
        head.Version(1, 1);
        head.Skip(1);
        var count = head.U16();
        if (count > 2 * file.GroupLeafK)
        {
            throw place.Damaged($"a symbol table node of {count} entries", $"at most {2 * file.GroupLeafK}");
        }

        var entries = new List<(byte[], Hdf5Link)>(count);
        var entrySize = file.LengthSize + file.OffsetSize + 24; // a name's offset is a length, whatever level 1C says
        place.CheckRange(address, headSize + (2L * file.GroupLeafK * entrySize), "symbol table node"); // space is taken for all entries
        var c = new Cursor(place.Metadata(address, headSize + (count * entrySize), "symbol table node").Span, place, "symbol table node");
        c.Skip(headSize);
        for (var i = 0; i < count; i++)
        {
            var name = heap.Name(c.Length()).ToArray();
            var header = c.Address();
            var kind = c.U32();
            c.Skip(4);
            var scratch = new Cursor(c.Take(16), place, "symbol table entry");
            if (kind > SoftLink)
            {
                throw place.Damaged($"a symbol table entry of kind {kind}", "0, 1 or 2");
            }

            var text = Text.Name(name, place);
            if (text.Length == 0)
            {
                throw place.Damaged("a link without a name");
            }

            entries.Add((name, kind == SoftLink
                ? new Hdf5Link(text, Hdf5LinkKind.Soft) { TargetPath = Text.Name(heap.Name(scratch.U32()), place) }
                : new Hdf5Link(text, Hdf5LinkKind.Hard) { Address = header }));
        }

        return entries;
    }
}
