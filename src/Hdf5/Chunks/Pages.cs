namespace KerasCompat.Hdf5;

/// <summary>The pages of large arrays of chunks: elements with a checksum behind them.</summary>
internal static class Pages
{
    /// <summary>Whether a page was ever written: bits from the most significant of each byte on.</summary>
    public static bool IsWritten(ReadOnlySpan<byte> bitmap, long page) => (bitmap[(int)(page / 8)] & (0x80 >> (int)(page % 8))) != 0;

    public static void Read(long at, long start, long count, ArrayElements elements, List<StoredChunk> chunks, Place place)
    {
        const string structure = "page of an array of chunks";
        var bytes = place.Unseal(place.Metadata(at, (count * elements.Size) + Lookup3.Size, structure), structure);
        var c = new Cursor(bytes.Span, place, structure);
        elements.Read(ref c, start, count, chunks);
    }
}
