namespace KerasCompat.Hdf5;

/// <summary>Level 1D, the local heap: the names of one old group.</summary>
internal sealed class LocalHeap
{
    private const long EndOfFreeList = 1;

    private readonly ReadOnlyMemory<byte> data;
    private readonly Place place;

    private LocalHeap(ReadOnlyMemory<byte> data, Place place)
    {
        this.data = data;
        this.place = place;
    }

    /// <summary>Bytes of all names together.</summary>
    public int Size => data.Length;

    public static LocalHeap Read(long address, Place place)
    {
        var file = place.File;
        var bytes = place.Metadata(address, 8 + (2 * file.LengthSize) + file.OffsetSize, "local heap").Span;
        place.CheckSignature(bytes, "HEAP"u8, "local heap");
        var c = new Cursor(bytes, place, "local heap");
        c.Skip(4);
        c.Version(0, 0);
        c.Skip(3);
        var size = c.Length();
        var free = c.Length();
        var heap = new LocalHeap(place.Metadata(c.Address(), size, "local heap's data"), place);
        heap.CheckFreeList(free);
        return heap;
    }

    public ReadOnlySpan<byte> Name(long offset)
    {
        if (offset < 0 || offset >= data.Length)
        {
            throw place.Damaged($"a name at byte {offset} of a local heap", $"an offset below {data.Length}");
        }

        var c = new Cursor(data.Span[(int)offset..], place, "local heap");
        return c.NulTerminated();
    }

    // Reading does not need the list; a broken one tells that the heap is not what it was.
    private void CheckFreeList(long free)
    {
        for (var blocks = 0; free != EndOfFreeList && free != Cursor.Undefined; blocks++)
        {
            var link = 2 * place.File.LengthSize;
            if (free < 0 || free > data.Length - link || blocks > data.Length / link)
            {
                throw place.Damaged("a broken list of free blocks in a local heap");
            }

            var c = new Cursor(data.Span[(int)free..], place, "free block of a local heap");
            var next = c.Length();
            var size = c.Length();
            if (next == 0 || size < link || size > data.Length - free)
            {
                throw place.Damaged("a broken list of free blocks in a local heap");
            }

            free = next;
        }
    }
}
