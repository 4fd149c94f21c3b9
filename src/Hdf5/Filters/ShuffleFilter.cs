namespace KerasCompat.Hdf5;

/// <summary>Filter 2: the first bytes of all elements, then the second bytes …; what makes no whole element stays at the end.</summary>
internal static class ShuffleFilter
{
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> stored, IReadOnlyList<uint> parameters, Place place)
    {
        if (parameters.Count != 1 || parameters[0] == 0)
        {
            throw place.Damaged("a shuffle filter without the size of an element");
        }

        if (parameters[0] == 1 || parameters[0] >= stored.Length)
        {
            return stored;
        }

        var size = (int)parameters[0];
        var count = stored.Length / size;
        var source = stored.Span;
        var output = new byte[stored.Length];
        for (var plane = 0; plane < size; plane++)
        {
            var column = source.Slice(plane * count, count);
            for (int i = 0, at = plane; i < column.Length; i++, at += size)
            {
                output[at] = column[i];
            }
        }

        source[(count * size)..].CopyTo(output.AsSpan(count * size));
        return output;
    }
}
