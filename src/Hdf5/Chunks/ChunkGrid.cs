namespace KerasCompat.Hdf5;

/// <summary>A dataset cut into chunks: what the indexes and the reader need to know of it.</summary>
internal sealed class ChunkGrid
{
    private readonly long[] most;

    public ChunkGrid(DataLayout layout, Dataspace space, bool filtered, Place place)
    {
        (Layout, Filtered, Place) = (layout, filtered, place);
        Dimensions = space.Dimensions;
        most = space.MaxDimensions;
        ChunkBytes = layout.Chunk.Aggregate(layout.ElementSize, (product, n) => product * n);
        Counts = new long[Rank];
        for (var i = 0; i < Rank; i++)
        {
            Counts[i] = Chunks(Dimensions[i], i);
        }
    }

    public DataLayout Layout { get; }

    public bool Filtered { get; }

    public Place Place { get; }

    public long[] Dimensions { get; }

    public int Rank => Dimensions.Length;

    public long ChunkBytes { get; }

    /// <summary>Chunks along each dimension.</summary>
    public long[] Counts { get; }

    /// <summary>Whether a chunk lies, at least partly, inside the dataset.</summary>
    public bool Contains(long[] position)
    {
        for (var i = 0; i < Rank; i++)
        {
            if (position[i] < 0 || position[i] >= Counts[i])
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the dataset's edge cuts a chunk.</summary>
    public bool IsCut(long[] position)
    {
        for (var i = 0; i < Rank; i++)
        {
            if ((position[i] + 1) * Layout.Chunk[i] > Dimensions[i])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The one dimension without a limit, which extensible arrays count last; -1 where there is none.</summary>
    public int UnlimitedDimension() => Array.IndexOf(most, Cursor.Undefined);

    /// <summary>
    /// How many chunks lie between two neighbours along each dimension, counted through the dataset at its greatest size with
    /// dimension <paramref name="first"/> taken as the slowest.
    /// </summary>
    public long[] Strides(int first)
    {
        var strides = new long[Rank];
        Int128 stride = 1;
        foreach (var i in Order(first).Reverse())
        {
            strides[i] = stride <= long.MaxValue
                ? (long)stride
                : throw Place.Damaged("more chunks than 63 bits count");
            stride *= Math.Max(1, Chunks(Math.Max(most[i], Dimensions[i]), i));
        }

        return strides;
    }

    /// <summary>The place of a chunk from its number in such a count.</summary>
    public long[] Position(long number, long[] strides, int first)
    {
        var position = new long[Rank];
        foreach (var i in Order(first))
        {
            position[i] = number / strides[i];
            number %= strides[i];
        }

        return position;
    }

    private IEnumerable<int> Order(int first) => Enumerable.Range(0, Rank).Where(i => i != first).Prepend(first);

    private long Chunks(long length, int dimension) =>
        (length / Layout.Chunk[dimension]) + (length % Layout.Chunk[dimension] == 0 ? 0 : 1);
}
