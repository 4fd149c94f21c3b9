using System.Numerics;

namespace KerasCompat.Hdf5;

/// <summary>
/// Appendix C.D, the extensible array: the chunks of a dataset with one unlimited dimension. Its first elements lie in the index
/// block; the others in data blocks that double in size every second super block.
/// </summary>
internal sealed class ExtensibleArray
{
    private readonly Place place;
    private readonly ArrayElements elements;
    private readonly List<StoredChunk> chunks = [];
    private readonly HashSet<long> seen = [];
    private readonly long header;
    private readonly int offsetSize;
    private readonly long inIndexBlock;
    private readonly long smallestBlock;
    private readonly int smallestPointers;
    private readonly long pageCount;
    private readonly int superBlocks;

    private ExtensibleArray(ref Cursor c, long header, ArrayElements elements)
    {
        place = c.Place;
        this.header = header;
        this.elements = elements;
        c.Skip(4);
        c.Version(0, 0);
        elements.CheckHeader(c.U8(), c.U8());
        var bits = c.U8();
        inIndexBlock = c.U8();
        smallestBlock = c.U8();
        smallestPointers = c.U8();
        var pageBits = c.U8();
        if (bits is 0 or > 64 || smallestBlock == 0 || !BitOperations.IsPow2(smallestBlock) || smallestPointers < 2
            || !BitOperations.IsPow2(smallestPointers) || pageBits > bits || BitOperations.Log2((ulong)smallestBlock) > bits || pageBits > 40)
        {
            throw place.Damaged(
                $"an extensible array of {bits} bits, {inIndexBlock} and {smallestBlock} elements, {smallestPointers} pointers, {pageBits} page bits");
        }

        offsetSize = (bits + 7) / 8;
        pageCount = 1L << pageBits;
        superBlocks = 1 + bits - BitOperations.Log2((ulong)smallestBlock);
    }

    // Super blocks whose data blocks the index block points to itself.
    private int DirectSuperBlocks => Math.Min(2 * BitOperations.Log2((uint)smallestPointers), superBlocks);

    public static List<StoredChunk> Read(ChunkGrid grid)
    {
        const string structure = "extensible array header";
        var place = grid.Place;
        var file = place.File;
        var first = Math.Max(grid.UnlimitedDimension(), 0);
        var address = grid.Layout.Address;
        var bytes = place.Sealed(address, 16 + (6 * file.LengthSize) + file.OffsetSize, "EAHD"u8, structure);
        var c = new Cursor(bytes.Span, place, structure);
        var array = new ExtensibleArray(ref c, address, new ArrayElements(grid, first));
        c.Skip(6 * file.LengthSize); // statistics
        var index = c.Address();
        if (index != Cursor.Undefined)
        {
            array.IndexBlock(index);
        }

        return array.chunks;
    }

    private static long Blocks(int super) => 1L << (super / 2);

    private long ElementsOfBlock(int super) => smallestBlock << ((super + 1) / 2);

    private void IndexBlock(long at)
    {
        const string structure = "extensible array index block";
        var file = place.File;
        var blockPointers = 2 * (smallestPointers - 1);
        var superPointers = superBlocks - DirectSuperBlocks;
        var size = 6 + file.OffsetSize + (inIndexBlock * elements.Size) + ((long)(blockPointers + superPointers) * file.OffsetSize) + Lookup3.Size;
        var c = new Cursor(place.Sealed(at, size, "EAIB"u8, structure).Span, place, structure);
        CheckHead(ref c, structure);
        elements.Read(ref c, 0, inIndexBlock, chunks);

        var start = inIndexBlock;
        var read = 0;
        for (var super = 0; super < DirectSuperBlocks; super++)
        {
            if (ElementsOfBlock(super) > pageCount)
            {
                throw place.Damaged($"pages of {pageCount} elements", $"at least {ElementsOfBlock(super)}, the size of a block that has no pages");
            }

            for (long i = 0; i < Blocks(super) && read < blockPointers; i++, read++)
            {
                DataBlock(c.Address(), start, ElementsOfBlock(super), [], 0);
                start += ElementsOfBlock(super);
            }
        }

        for (var super = DirectSuperBlocks; super < superBlocks; super++)
        {
            var address = c.Address();
            if (address != Cursor.Undefined)
            {
                SuperBlock(address, super, start);
            }

            start += Blocks(super) * ElementsOfBlock(super);
        }
    }

    private void SuperBlock(long at, int super, long start)
    {
        const string structure = "extensible array super block";
        var file = place.File;
        var perBlock = ElementsOfBlock(super);
        var pages = perBlock > pageCount ? perBlock / pageCount : 0;
        var bitmapSize = (pages + 7) / 8;
        var size = 6 + file.OffsetSize + offsetSize + (Int128)Blocks(super) * (bitmapSize + file.OffsetSize) + Lookup3.Size;
        if (size > file.End)
        {
            throw place.Damaged($"{Text.WithArticle(structure)} of {size} bytes", "a block inside the file");
        }

        var c = new Cursor(place.Sealed(at, (long)size, "EASB"u8, structure).Span, place, structure);
        CheckHead(ref c, structure);
        c.Skip(offsetSize);
        var writtenPages = c.Take(Blocks(super) * bitmapSize); // one bit a page, counted through all blocks
        for (var i = 0; i < Blocks(super); i++)
        {
            DataBlock(c.Address(), start, perBlock, writtenPages, i * pages);
            start += perBlock;
        }
    }

    private void DataBlock(long at, long start, long count, ReadOnlySpan<byte> writtenPages, long firstPage)
    {
        const string structure = "extensible array data block";
        if (at == Cursor.Undefined)
        {
            return;
        }

        if (!seen.Add(at))
        {
            throw place.Damaged($"the {structure} at {at} twice in one array");
        }

        var paged = !writtenPages.IsEmpty;
        var headSize = 6 + place.File.OffsetSize + offsetSize + Lookup3.Size;
        if (count > place.File.End)
        {
            throw place.Damaged($"{Text.WithArticle(structure)} of {count} elements", "a block inside the file");
        }

        var c = new Cursor(place.Sealed(at, headSize + (paged ? 0 : count * elements.Size), "EADB"u8, structure).Span, place, structure);
        CheckHead(ref c, structure);
        c.Skip(offsetSize); // libhdf5 writes another number than the block's offset where the index block points to it
        if (!paged)
        {
            elements.Read(ref c, start, count, chunks);
            return;
        }

        var pageSize = (pageCount * elements.Size) + Lookup3.Size;
        for (long page = 0; page < count / pageCount; page++)
        {
            if (Pages.IsWritten(writtenPages, firstPage + page))
            {
                Pages.Read(at + headSize + (page * pageSize), start + (page * pageCount), pageCount, elements, chunks, place);
            }
        }
    }

    private void CheckHead(ref Cursor c, string structure)
    {
        c.Skip(4);
        c.Version(0, 0);
        if (c.U8() != elements.Client || c.Address() != header)
        {
            throw place.Damaged($"{Text.WithArticle(structure)} of another array");
        }
    }
}
