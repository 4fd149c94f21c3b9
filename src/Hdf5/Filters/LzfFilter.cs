namespace KerasCompat.Hdf5;

/// <summary>Filter 32000, h5py's: Marc Lehmann's LZF. Runs of literals, and copies from up to 8 KiB back.</summary>
internal static class LzfFilter
{
    /// <summary>Decodes no more than <paramref name="most"/> bytes.</summary>
    public static ReadOnlyMemory<byte> Decode(ReadOnlySpan<byte> input, int most, Place place)
    {
        const int firstCopy = 32, longCopy = 7;
        var output = new byte[most];
        int at = 0, length = 0;
        while (at < input.Length && length < most)
        {
            int control = input[at++];
            if (control < firstCopy)
            {
                var run = control + 1;
                if (run > input.Length - at)
                {
                    throw Spoiled(place);
                }

                var fits = Math.Min(run, most - length);
                input.Slice(at, fits).CopyTo(output.AsSpan(length));
                at += run;
                length += fits;
                continue;
            }

            var count = control >> 5;
            if (input.Length - at < (count == longCopy ? 2 : 1))
            {
                throw Spoiled(place);
            }

            count += count == longCopy ? input[at++] : 0;
            var from = length - ((control & 31) << 8) - 1 - input[at++];
            if (from < 0)
            {
                throw Spoiled(place);
            }

            // The copy may overlap what it writes: byte by byte.
            for (count = Math.Min(count + 2, most - length); count > 0; count--)
            {
                output[length++] = output[from++];
            }
        }

        return output.AsMemory(0, length);
    }

    private static ModelFormatException Spoiled(Place place) => place.Damaged("an lzf chunk that does not decode");
}
