namespace KerasCompat.Hdf5;

/// <summary>Appendix C.C, the fixed array: the chunks of a dataset that cannot grow.</summary>
internal static class FixedArray
{
    public static List<StoredChunk> Read(ChunkGrid grid)
    {
        const string structure = "fixed array header";
        var place = grid.Place;
        var file = place.File;
        var elements = new ArrayElements(grid, first: 0);
        var address = grid.Layout.Address;
        var c = new Cursor(place.Sealed(address, 12 + file.LengthSize + file.OffsetSize, "FAHD"u8, structure).Span, place, structure);
        c.Skip(4);
        c.Version(0, 0);
        elements.CheckHeader(c.U8(), c.U8());
        var pageBits = c.U8();
        var count = c.Length();
        var block = c.Address();
        if (count <= 0 || pageBits is 0 or > 62)
        {
            throw place.Damaged($"a fixed array of {count} elements in pages of 2^{pageBits}");
        }

        var chunks = new List<StoredChunk>();
        if (block != Cursor.Undefined)
        {
            ReadBlock(block, address, count, 1L << pageBits, elements, chunks, place);
        }

        return chunks;
    }

    private static void ReadBlock(
        long at, long header, long count, long pageCount, ArrayElements elements, List<StoredChunk> chunks, Place place)
    {
        const string structure = "fixed array data block";
        var paged = count > pageCount;
        var pages = paged ? ((count - 1) / pageCount) + 1 : 0;
        var bitmapSize = (pages + 7) / 8;
        var headSize = 6 + place.File.OffsetSize + bitmapSize + Lookup3.Size;
        var all = (Int128)count * elements.Size;
        if (all + headSize + (pages * Lookup3.Size) > place.File.End)
        {
            throw place.Damaged($"a fixed array of {count} elements", "an array inside the file");
        }

        var c = new Cursor(place.Sealed(at, headSize + (paged ? 0 : (long)all), "FADB"u8, structure).Span, place, structure);
        c.Skip(4);
        c.Version(0, 0);
        if (c.U8() != elements.Client || c.Address() != header)
        {
            throw place.Damaged($"{Text.WithArticle(structure)} of another array");
        }

        if (!paged)
        {
            elements.Read(ref c, 0, count, chunks);
            return;
        }

        var written = c.Take(bitmapSize);
        var pageSize = (pageCount * elements.Size) + Lookup3.Size;
        for (long i = 0; i < pages; i++)
        {
            if (!Pages.IsWritten(written, i))
            {
                continue;
            }

            var inPage = Math.Min(pageCount, count - (i * pageCount));
            Pages.Read(at + headSize + (i * pageSize), i * pageCount, inPage, elements, chunks, place);
        }
    }
}
