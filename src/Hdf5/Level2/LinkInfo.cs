namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.c, the link info message, and the links it leads to when they are many.</summary>
internal static class LinkInfo
{
    private const int NameIndex = 5; // type of the B-tree of links by name
    private const int HashSize = 4;
    private const int HeapIdSize = 7;

    /// <summary>Reads the message; adds the links kept in a heap.</summary>
    /// <returns>Whether the group tracks the order in which links were made.</returns>
    public static bool Read(ReadOnlySpan<byte> info, List<Hdf5Link> links, Place place)
    {
        const int tracksOrder = 1, knownFlags = 3;
        var c = new Cursor(info, place, "link info");
        c.Version(0, 0);
        var flags = c.U8();
        if ((flags & ~knownFlags) != 0)
        {
            throw place.Damaged($"unknown flags 0x{flags:X2} of a link info message");
        }

        if ((flags & tracksOrder) != 0)
        {
            c.Skip(8); // greatest order so far
        }

        var heapAddress = c.Address();
        var names = c.Address();
        if (heapAddress != Cursor.Undefined)
        {
            var heap = FractalHeap.Read(heapAddress, place);
            long bytes = 0;
            foreach (var record in BTree2.Records(names, [NameIndex], place))
            {
                if (record.Length != HashSize + HeapIdSize)
                {
                    throw place.Damaged($"a record of {record.Length} bytes in an index of links", $"{HashSize + HeapIdSize} bytes");
                }

                var message = heap.Object(record.Span[HashSize..], place);
                place.File.CheckHeapObjects(bytes += message.Length, place);
                var link = LinkMessage.Read(message.Span, place);
                Lookup3.CheckName(link.Name, record.Span[..HashSize], place);
                links.Add(link);
            }
        }

        return (flags & tracksOrder) != 0;
    }
}
