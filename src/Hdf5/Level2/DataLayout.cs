namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.i, the data layout message: where the elements of a dataset lie.</summary>
internal sealed class DataLayout
{
    private const int CompactClass = 0, ContiguousClass = 1, ChunkedClass = 2, VirtualClass = 3;
    private const int MostDimensions = 33; // those of the dataspace and the element's size

    private DataLayout(Hdf5Layout kind) => Kind = kind;

    public Hdf5Layout Kind { get; }

    /// <summary>The data of a compact dataset.</summary>
    public ReadOnlyMemory<byte> Compact { get; private init; }

    /// <summary>The data of a contiguous dataset, or the index of a chunked one.</summary>
    public long Address { get; private init; } = Cursor.Undefined;

    /// <summary>Bytes of a contiguous dataset; -1 in old messages that do not say.</summary>
    public long Size { get; private init; } = Cursor.Undefined;

    /// <summary>The shape of a chunk, in elements.</summary>
    public long[] Chunk { get; private init; } = [];

    /// <summary>Bytes of an element as the layout has it.</summary>
    public long ElementSize { get; private init; }

    /// <summary>How chunks are found.</summary>
    public ChunkIndexKind Index { get; private init; }

    /// <summary>Whether chunks that the dataset's edge cuts are stored as they are.</summary>
    public bool PlainEdges { get; private init; }

    /// <summary>A single filtered chunk: its stored size and filter mask.</summary>
    public (long Size, uint Mask)? Single { get; private init; }

    /// <summary>Bytes in which indexes store the size of a filtered chunk.</summary>
    public int ChunkSizeWidth { get; private init; }

    public static DataLayout Read(ReadOnlyMemory<byte> body, Place place)
    {
        var c = new Cursor(body.Span, place, "data layout");
        var version = c.Version(1, 5);
        if (version < 3)
        {
            return ReadOld(body, ref c);
        }

        var kind = c.U8();
        switch (kind)
        {
            case CompactClass:
                return CompactData(body, ref c, c.U16());
            case ContiguousClass:
                return new DataLayout(Hdf5Layout.Contiguous) { Address = c.Address(), Size = c.Length() };
            case ChunkedClass:
                return version == 3 ? ReadChunked(ref c) : ReadIndexed(ref c, version);
            case VirtualClass when version > 3:
                return new DataLayout(Hdf5Layout.Virtual);
            default:
                throw place.Damaged($"a data layout of class {kind}", "0 (compact), 1 (contiguous), 2 (chunked) or 3 (virtual)");
        }
    }

    private static DataLayout CompactData(ReadOnlyMemory<byte> body, ref Cursor c, long size)
    {
        var start = c.Position;
        c.Skip(size);
        return new DataLayout(Hdf5Layout.Compact) { Compact = body.Slice(start, (int)size) };
    }

    // Versions 1 and 2.
    private static DataLayout ReadOld(ReadOnlyMemory<byte> body, ref Cursor c)
    {
        var rank = c.U8();
        var kind = c.U8();
        c.Skip(5);
        if (kind > ChunkedClass || rank is 0 or > MostDimensions)
        {
            throw c.Place.Damaged($"a data layout of class {kind} and {rank} dimensions", "class 0 to 2 and 1 to 33 dimensions");
        }

        var address = kind == CompactClass ? Cursor.Undefined : c.Address();
        if (kind == ChunkedClass)
        {
            return ChunkedBy(address, Dimensions(ref c, rank, 4), c.Place);
        }

        c.Skip(4 * rank);
        return kind == CompactClass ? CompactData(body, ref c, c.U32()) : new DataLayout(Hdf5Layout.Contiguous) { Address = address };
    }

    private static DataLayout ReadChunked(ref Cursor c)
    {
        var rank = Rank(ref c);
        var address = c.Address();
        return ChunkedBy(address, Dimensions(ref c, rank, 4), c.Place);
    }

    private static DataLayout ChunkedBy(long address, long[] dimensions, Place place)
    {
        CheckChunk(dimensions, place);
        return new DataLayout(Hdf5Layout.Chunked)
        {
            Address = address, Chunk = dimensions[..^1], ElementSize = dimensions[^1], Index = ChunkIndexKind.BTree1,
        };
    }

    // Versions 4 and 5.
    private static DataLayout ReadIndexed(ref Cursor c, int version)
    {
        const int plainEdges = 1, filteredSingle = 2, knownFlags = 3;
        var place = c.Place;
        var flags = c.U8();
        var rank = Rank(ref c);
        var width = c.U8();
        if (width is 0 or > 8 || (flags & ~knownFlags) != 0)
        {
            throw place.Damaged($"chunk dimensions of {width} bytes and flags 0x{flags:X2} in a data layout", "1 to 8 bytes");
        }

        var dimensions = Dimensions(ref c, rank, width);
        var size = CheckChunk(dimensions, place);
        var index = (ChunkIndexKind)c.U8();
        (long, uint)? single = null;
        switch (index)
        {
            case ChunkIndexKind.Single:
                single = (flags & filteredSingle) != 0 ? (c.Length(), c.U32()) : null;
                break;
            case ChunkIndexKind.Implicit:
                break;
            case ChunkIndexKind.FixedArray:
                c.Skip(1); // the array's own header repeats these
                break;
            case ChunkIndexKind.ExtensibleArray:
                c.Skip(5);
                break;
            case ChunkIndexKind.BTree2:
                c.Skip(6);
                break;
            default:
                throw place.Damaged($"chunk index {(int)index}", "1 to 5");
        }

        return new DataLayout(Hdf5Layout.Chunked)
        {
            Address = c.Address(), Chunk = dimensions[..^1], ElementSize = dimensions[^1], Index = index,
            PlainEdges = (flags & plainEdges) != 0, Single = single,
            ChunkSizeWidth = version > 4 ? place.File.LengthSize
                : Math.Min(1 + ((System.Numerics.BitOperations.Log2((ulong)size) + 8) / 8), 8),
        };
    }

    private static int Rank(ref Cursor c)
    {
        int rank = c.U8();
        return rank is >= 2 and <= MostDimensions ? rank : throw c.Place.Damaged($"chunks of {rank - 1} dimensions", "1 to 32");
    }

    private static long[] Dimensions(ref Cursor c, int rank, int width)
    {
        var dimensions = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = c.Unsigned(width);
        }

        return dimensions;
    }

    private static long CheckChunk(long[] dimensions, Place place)
    {
        long size = 1;
        foreach (var dimension in dimensions)
        {
            var product = (Int128)size * dimension;
            size = product > 0 && product <= uint.MaxValue
                ? (long)product
                : throw place.Damaged($"chunks of {string.Join(" × ", dimensions)} bytes", "1 byte to 4 GiB");
        }

        return size;
    }
}
