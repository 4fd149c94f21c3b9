namespace KerasCompat.Hdf5;

/// <summary>Level 1E, one collection of the global heap: values of variable length.</summary>
internal sealed class GlobalHeapCollection
{
    private const int SmallestSize = 4096;

    private readonly ReadOnlyMemory<byte> bytes;
    private readonly Dictionary<int, (int Start, int Size)> objects = [];
    private readonly long address;

    private GlobalHeapCollection(long address, ReadOnlyMemory<byte> bytes)
    {
        this.address = address;
        this.bytes = bytes;
    }

    public static GlobalHeapCollection Read(long address, Place place)
    {
        const string structure = "global heap collection";
        var headSize = HeadSize(place);
        var head = new Cursor(place.Metadata(address, headSize, structure).Span, place, structure);
        place.CheckSignature(head.Take(4), "GCOL"u8, structure);
        head.Version(1, 1);
        head.Skip(3);
        var size = head.Length();
        if (size < SmallestSize)
        {
            throw place.Damaged($"a {structure} of {size} bytes", $"at least {SmallestSize}");
        }

        var collection = new GlobalHeapCollection(address, place.Metadata(address, size, structure));
        collection.Index(place);
        return collection;
    }

    public ReadOnlyMemory<byte> Object(int index, Place place) => objects.TryGetValue(index, out var found)
        ? bytes.Slice(found.Start, found.Size)
        : throw place.Damaged($"object {index} of the global heap collection at {address}, which is not in it");

    // Of a collection: signature, version, reserved, size; of an object: index, reference count, reserved, size. Then to a multiple of 8.
    private static int HeadSize(Place place) => (8 + place.File.LengthSize + 7) & ~7;

    private void Index(Place place)
    {
        var headSize = HeadSize(place);
        var c = new Cursor(bytes.Span, place, "global heap collection");
        c.Skip(headSize);
        while (c.Remaining >= headSize)
        {
            var start = c.Position;
            var index = c.U16();
            c.Skip(6);
            var size = c.Length();
            c.Skip(start + headSize - c.Position);
            if (index == 0)
            {
                // Free space; its size counts its own head.
                if (size < headSize || size > bytes.Length - start)
                {
                    throw place.Damaged($"a free block of {size} bytes in a global heap collection");
                }

                c.Skip(size - headSize);
                continue;
            }

            if (size < 0 || size > c.Remaining || !objects.TryAdd(index, (c.Position, (int)size)))
            {
                throw place.Damaged($"object {index} of {size} bytes in a global heap collection", $"at most {c.Remaining} bytes, and only once");
            }

            c.Skip(Math.Min((size + 7) & ~7L, c.Remaining));
        }
    }
}
