namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.b, the dataspace message: how many elements there are, in which shape.</summary>
internal sealed class Dataspace
{
    private const int MostDimensions = 32;
    private const int NullKind = 2;

    private Dataspace(Hdf5SpaceKind kind, long[] dimensions, long[] mostDimensions, long count)
    {
        Kind = kind;
        Dimensions = dimensions;
        MaxDimensions = mostDimensions;
        Count = count;
    }

    public Hdf5SpaceKind Kind { get; }

    public long[] Dimensions { get; }

    /// <summary>-1 where a dimension has no limit.</summary>
    public long[] MaxDimensions { get; }

    /// <summary>The number of elements.</summary>
    public long Count { get; }

    public static Dataspace Read(ReadOnlySpan<byte> message, Place place)
    {
        const int hasMost = 1;
        var c = new Cursor(message, place, "dataspace");
        var version = c.Version(1, 2);
        var rank = c.U8();
        var flags = c.U8();
        var kind = (int)c.U8();
        if (version == 1)
        {
            c.Skip(4);
            kind = rank == 0 ? 0 : 1;
        }

        if (rank > MostDimensions || kind > NullKind || (kind != 1 && rank != 0) || (kind == 1 && rank == 0 && version > 1))
        {
            throw place.Damaged($"a dataspace of kind {kind} with {rank} dimensions", $"at most {MostDimensions}, and none unless it is simple");
        }

        var dimensions = new long[rank];
        for (var i = 0; i < rank; i++)
        {
            dimensions[i] = c.Length();
            if (dimensions[i] < 0)
            {
                throw place.Damaged("a dimension without a size");
            }
        }

        var most = (long[])dimensions.Clone();
        for (var i = 0; i < rank && (flags & hasMost) != 0; i++)
        {
            most[i] = c.Length();
            if (most[i] != Cursor.Undefined && most[i] < dimensions[i])
            {
                throw place.Damaged($"dimension {i} of {dimensions[i]}", $"no more than its greatest size, {most[i]}");
            }
        }

        return new Dataspace((Hdf5SpaceKind)kind, dimensions, most, CountOf(dimensions, place));
    }

    private static long CountOf(long[] dimensions, Place place)
    {
        if (dimensions.Contains(0))
        {
            return 0;
        }

        var count = (Int128)1;
        foreach (var dimension in dimensions)
        {
            count *= dimension;
            if (count > long.MaxValue)
            {
                throw place.Damaged($"dimensions {string.Join(" × ", dimensions)}", "a number of elements that 63 bits hold");
            }
        }

        return (long)count;
    }
}
