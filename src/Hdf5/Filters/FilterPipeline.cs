namespace KerasCompat.Hdf5;

/// <summary>IV.A.2.l, the filter pipeline message: what was done to chunks on their way into the file, and how to undo it.</summary>
internal sealed class FilterPipeline
{
    private const int Deflate = 1, Shuffle = 2, Fletcher32 = 3, Szip = 4, NBit = 5, ScaleOffset = 6, Lzf = 32000;
    private const int MostFilters = 32;
    private const int FirstNamedId = 256;

    private FilterPipeline(Hdf5Filter[] filters) => Filters = filters;

    public IReadOnlyList<Hdf5Filter> Filters { get; }

    public static FilterPipeline Read(ReadOnlySpan<byte> message, Place place)
    {
        var c = new Cursor(message, place, "filter pipeline");
        var version = c.Version(1, 2);
        var count = c.U8();
        if (count is 0 or > MostFilters)
        {
            throw place.Damaged($"{count} filters", $"1 to {MostFilters}");
        }

        c.Skip(version == 1 ? 6 : 0);
        var filters = new Hdf5Filter[count];
        for (var i = 0; i < count; i++)
        {
            var id = c.U16();
            var nameLength = version == 1 || id >= FirstNamedId ? c.U16() : 0;
            c.Skip(2); // whether it may be left out on writing
            var parameters = new uint[c.U16()];
            if (version == 1 && nameLength % 8 != 0)
            {
                throw place.Damaged($"a filter's name of {nameLength} bytes", "a multiple of 8");
            }

            var name = c.Take(nameLength);
            for (var p = 0; p < parameters.Length; p++)
            {
                parameters[p] = c.U32();
            }

            c.Skip(version == 1 && parameters.Length % 2 != 0 ? 4 : 0);
            filters[i] = new Hdf5Filter(id, Text.Printable(name.TrimEnd((byte)0)), parameters);
        }

        return new FilterPipeline(filters);
    }

    /// <summary>Undoes the filters, the last first.</summary>
    /// <param name="stored">What lies in the file.</param>
    /// <param name="mask">Bit i says that filter i was left out.</param>
    /// <param name="size">Bytes there were before the first filter.</param>
    /// <param name="place">Where this is read.</param>
    /// <returns>Exactly <paramref name="size"/> bytes.</returns>
    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored, uint mask, int size, Place place)
    {
        var data = stored;
        for (var i = Filters.Count - 1; i >= 0; i--)
        {
            if ((mask & (1u << i)) == 0)
            {
                data = Undo(Filters[i], data, SizeBefore(i, mask, size), place);
            }
        }

        return data.Length >= size
            ? data[..size]
            : throw place.Damaged($"a chunk of {data.Length} bytes", $"{size} bytes");
    }

    private static ReadOnlyMemory<byte> Undo(Hdf5Filter filter, ReadOnlyMemory<byte> data, (int Most, bool Exact) output, Place place)
    {
        switch (filter.Id)
        {
            case Deflate:
                place.File.CheckExpansion(output.Most, data.Length, place);
                return DeflateFilter.Decode(data, output.Most, place);
            case Shuffle:
                return ShuffleFilter.Decode(data, filter.Parameters, place);
            case Fletcher32:
                return Fletcher32Filter.Decode(data, place);
            case NBit:
                place.File.CheckExpansion(output.Most, data.Length, place);
                return NBitFilter.Decode(data.Span, filter.Parameters, output.Most, place);
            case ScaleOffset:
                place.File.CheckExpansion(output.Most, data.Length, place);
                return ScaleOffsetFilter.Decode(data, filter.Parameters, output.Most, place);
            case Lzf:
                place.File.CheckExpansion(output.Most, data.Length, place);
                return LzfFilter.Decode(data.Span, output.Most, place);
            default:
                throw place.Unsupported(
                    $"the filter {Describe(filter)}",
                    "deflate, shuffle, fletcher32, lzf, nbit or scale-offset",
                    "rewrite the file, for example with h5repack -f GZIP=6");
        }
    }

    private static string Describe(Hdf5Filter filter) => filter.Id == Szip ? "szip (4)"
        : filter.Name.Length > 0 ? $"{filter.Name} ({filter.Id})"
        : filter.Id.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // How much filter i was given on writing: known unless a filter before it packs data.
    private (int Most, bool Exact) SizeBefore(int i, uint mask, int size)
    {
        long most = size;
        var exact = true;
        for (var before = 0; before < i; before++)
        {
            if ((mask & (1u << before)) != 0)
            {
                continue;
            }

            if (Filters[before].Id == Fletcher32)
            {
                most += Fletcher32Filter.ChecksumSize;
            }
            else if (Filters[before].Id != Shuffle)
            {
                exact = false;
            }
        }

        // What does not compress grows a little.
        return ((int)Math.Min(exact ? most : most + (most / 8) + 1024, Array.MaxLength), exact);
    }
}
