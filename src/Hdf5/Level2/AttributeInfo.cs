namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.v, the attribute info message: where an object keeps its attributes when they are many or large.</summary>
internal static class AttributeInfo
{
    private const int NameIndex = 8; // type of the B-tree of attributes by name
    private const int HeapIdSize = 8;
    private const int RecordSize = HeapIdSize + 9; // flags, creation order, hash
    private const int SharedFlag = 0x02;

    /// <summary>The attributes kept in a heap, with their creation order.</summary>
    public static IEnumerable<(Hdf5Attribute Attribute, int CreationOrder)> Read(ReadOnlyMemory<byte> message, Place place)
    {
        const int tracksOrder = 1, knownFlags = 3;
        var c = new Cursor(message.Span, place, "attribute info");
        c.Version(0, 0);
        var flags = c.U8();
        if ((flags & ~knownFlags) != 0)
        {
            throw place.Damaged($"unknown flags 0x{flags:X2} of an attribute info message");
        }

        if ((flags & tracksOrder) != 0)
        {
            c.Skip(2); // greatest order so far
        }

        var heapAddress = c.Address();
        var names = c.Address();
        return heapAddress == Cursor.Undefined ? [] : Dense(heapAddress, names, (flags & tracksOrder) != 0, place);
    }

    private static List<(Hdf5Attribute, int)> Dense(long heapAddress, long names, bool ordered, Place place)
    {
        var heap = FractalHeap.Read(heapAddress, place);
        var found = new List<(Hdf5Attribute, int)>();
        long bytes = 0;
        foreach (var record in BTree2.Records(names, [NameIndex], place))
        {
            if (record.Length != RecordSize)
            {
                throw place.Damaged($"a record of {record.Length} bytes in an index of attributes", $"{RecordSize} bytes");
            }

            var c = new Cursor(record.Span, place, "attribute record");
            var id = c.Take(HeapIdSize);
            var shared = (c.U8() & SharedFlag) != 0;
            var order = (int)c.U32();
            var body = !shared ? heap.Object(id, place)
                : place.File.SharedMessages is { } table ? table.Message(MessageType.Attribute, id, place)
                : throw place.Damaged("a shared attribute, but no heap of shared messages");
            place.File.CheckHeapObjects(bytes += shared ? 0 : body.Length, place);
            var attribute = AttributeMessage.Read(body, place);
            Lookup3.CheckName(attribute.Name, c.Take(4), place);
            found.Add((attribute, ordered ? order : -1));
        }

        return found;
    }
}
