namespace KerasCompat.Hdf5;

/// <summary>What a region reference leads to in the global heap: a dataset's address and a selection (IV.A.2.d, reference; dataspace selections).</summary>
internal static class RegionReference
{
    private const int None = 0, Points = 1, Hyperslabs = 2, All = 3;
    private const int MostDimensions = 32;

    public static (long Target, Hdf5Region Region) Read(ReadOnlySpan<byte> stored, Place place, Action<long> produce)
    {
        var c = new Cursor(stored, place, "region reference");
        var target = c.Address();
        var kind = c.U32();
        var version = c.U32();
        return (target, kind switch
        {
            None or All => new Hdf5Region(false, []),
            Points => new Hdf5Region(true, ReadPoints(ref c, version, produce)),
            Hyperslabs => new Hdf5Region(false, ReadBlocks(ref c, version, produce)),
            _ => throw place.Damaged($"a selection of kind {kind}", "0 to 3"),
        });
    }

    private static long[][] ReadPoints(ref Cursor c, uint version, Action<long> produce)
    {
        var width = version switch
        {
            1 => 4,
            2 => c.U8(),
            _ => throw c.Place.Damaged($"version {version} of selected points", "1 or 2"),
        };
        if (version == 1)
        {
            c.Skip(8); // reserved, length
        }

        var rank = Rank(ref c);
        return Coordinates(ref c, Count(ref c, width), rank, width, produce);
    }

    private static IReadOnlyList<IReadOnlyList<long>> ReadBlocks(ref Cursor c, uint version, Action<long> produce)
    {
        const int regular = 1;
        if (version == 1)
        {
            c.Skip(8); // reserved, length
            var rank = Rank(ref c);
            return Coordinates(ref c, 2 * Count(ref c, 4), rank, 4, produce);
        }

        if (version > 3)
        {
            throw c.Place.Damaged($"version {version} of selected blocks", "1 to 3");
        }

        var flags = c.U8();
        var width = version == 2 ? 8 : c.U8();
        if (version == 2)
        {
            c.Skip(4); // length
        }

        var dimensions = Rank(ref c);
        return (flags & regular) != 0
            ? Regular(ref c, dimensions, width, produce)
            : Coordinates(ref c, 2 * Count(ref c, width), dimensions, width, produce);
    }

    private static int Rank(ref Cursor c)
    {
        var rank = c.U32();
        return rank is > 0 and <= MostDimensions
            ? (int)rank
            : throw c.Place.Damaged($"a selection of {rank} dimensions", $"1 to {MostDimensions}");
    }

    private static long Count(ref Cursor c, int width)
    {
        CheckWidth(ref c, width);
        var count = c.Unsigned(width);
        return count <= c.Remaining
            ? count
            : throw c.Place.Damaged($"a selection of {count} parts in {c.Remaining} bytes");
    }

    private static void CheckWidth(ref Cursor c, int width)
    {
        if (width is not (2 or 4 or 8))
        {
            throw c.Place.Damaged($"coordinates of {width} bytes", "2, 4 or 8");
        }
    }

    private static long[][] Coordinates(ref Cursor c, long count, int rank, int width, Action<long> produce)
    {
        produce(count * (rank + 4) * 8);
        var all = new long[count][];
        for (var i = 0; i < all.Length; i++)
        {
            all[i] = new long[rank];
            for (var d = 0; d < rank; d++)
            {
                all[i][d] = c.Unsigned(width);
            }
        }

        return all;
    }

    // Start, stride, count and block of each dimension; the blocks come with the last dimension fastest.
    private static List<IReadOnlyList<long>> Regular(ref Cursor c, int rank, int width, Action<long> produce)
    {
        CheckWidth(ref c, width);
        var slabs = new (long Start, long Stride, long Count, long Block)[rank];
        Int128 total = 1;
        for (var d = 0; d < rank; d++)
        {
            slabs[d] = (c.Unsigned(width), c.Unsigned(width), c.Unsigned(width), c.Unsigned(width));
            total *= slabs[d].Count;
            if (total > int.MaxValue)
            {
                throw c.Place.Damaged($"a selection of {total} blocks");
            }
        }

        produce((long)total * 2 * (rank + 4) * 8);
        var blocks = new List<IReadOnlyList<long>>();
        var index = new long[rank];
        for (long n = 0; n < (long)total; n++)
        {
            var (first, last) = (new long[rank], new long[rank]);
            for (var d = 0; d < rank; d++)
            {
                first[d] = slabs[d].Start + (index[d] * slabs[d].Stride);
                last[d] = first[d] + slabs[d].Block - 1;
            }

            blocks.Add(first);
            blocks.Add(last);
            for (var d = rank - 1; d >= 0 && ++index[d] == slabs[d].Count; d--)
            {
                index[d] = 0;
            }
        }

        return blocks;
    }
}
