namespace KerasCompat.Hdf5;

/// <summary>Where the elements of a dataset or attribute lie, in the file's own form.</summary>
internal interface IStorage
{
    /// <summary>Copies elements from byte <paramref name="start"/> on, as many as the destination takes.</summary>
    void CopyTo(long start, Span<byte> destination);

    /// <summary>All elements without a copy, where that can be had.</summary>
    bool TryView(out ReadOnlyMemory<byte> bytes);
}

/// <summary>Elements in memory that was read already: attributes and compact datasets.</summary>
internal sealed class MemoryStorage(ReadOnlyMemory<byte> bytes) : IStorage
{
    public void CopyTo(long start, Span<byte> destination) => bytes.Span.Slice((int)start, destination.Length).CopyTo(destination);

    public bool TryView(out ReadOnlyMemory<byte> view)
    {
        view = bytes;
        return true;
    }
}

/// <summary>Elements in one piece of the file.</summary>
internal sealed class ContiguousStorage(long address, long size, Place place) : IStorage
{
    public void CopyTo(long start, Span<byte> destination)
    {
        place.CheckRange(address, size, "dataset");
        place.File.Bytes.CopyTo(place.File.Base + address + start, destination);
    }

    public bool TryView(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (!place.File.Bytes.IsMapped || size > int.MaxValue)
        {
            return false;
        }

        place.CheckRange(address, size, "dataset");
        bytes = place.File.Bytes.View(place.File.Base + address, (int)size);
        return true;
    }
}

/// <summary>Elements that were never written: the fill value, or zeros where there is none.</summary>
internal sealed class UnwrittenStorage(ReadOnlyMemory<byte> fill) : IStorage
{
    public void CopyTo(long start, Span<byte> destination) => Fill(destination, fill.Span);

    public bool TryView(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return false;
    }

    public static void Fill(Span<byte> destination, ReadOnlySpan<byte> fill)
    {
        if (destination.IsEmpty || !fill.ContainsAnyExcept((byte)0))
        {
            destination.Clear();
            return;
        }

        // What is filled already fills as much again.
        fill.CopyTo(destination);
        for (var filled = fill.Length; filled < destination.Length;)
        {
            var more = Math.Min(filled, destination.Length - filled);
            destination[..more].CopyTo(destination[filled..]);
            filled += more;
        }
    }
}

/// <summary>Elements that were never written and are said to have no value then.</summary>
internal sealed class UndefinedStorage(Place place) : IStorage
{
    public void CopyTo(long start, Span<byte> destination) => throw Error();

    public bool TryView(out ReadOnlyMemory<byte> bytes) => throw Error();

    private ModelFormatException Error() => new(
        place.ToString(), "data that was never written, and no fill value to stand for it", "values", "write the data, or leave the dataset out");
}

/// <summary>Elements that are not read, and why.</summary>
internal sealed class RefusedStorage(Func<UnsupportedModelException> reason) : IStorage
{
    public void CopyTo(long start, Span<byte> destination) => throw reason();

    public bool TryView(out ReadOnlyMemory<byte> bytes) => throw reason();
}
