using System.Buffers.Binary;
using System.Numerics;

namespace KerasCompat.Hdf5;

/// <summary>Level 1G, the fractal heap: links, attributes and shared messages of new files.</summary>
internal sealed class FractalHeap
{
    private const int ManagedKind = 0, HugeKind = 1, TinyKind = 2;
    private const int ChecksummedBlocks = 2; // flag bit 1
    private const int ShortTinyLength = 16;

    private readonly long address;
    private int idLength;
    private bool checksummed;
    private long mostManaged;
    private long hugeTree;
    private int width;
    private long startingBlock;
    private long largestDirect;
    private int offsetSize;
    private int lengthSize;
    private long root;
    private int rootRows;
    private long filteredRootSize;
    private uint filteredRootMask;
    private FilterPipeline? filters;

    private readonly Dictionary<long, ReadOnlyMemory<byte>> blocks = [];
    private Dictionary<long, ReadOnlyMemory<byte>>? hugeRecords;

    private FractalHeap(long address) => this.address = address;

    private int MostDirectRows => BitOperations.Log2((ulong)largestDirect) - BitOperations.Log2((ulong)startingBlock) + 2;

    public static FractalHeap Read(long address, Place place)
    {
        const string structure = "fractal heap header";
        var file = place.File;
        var (o, l) = (file.OffsetSize, file.LengthSize);

        // With filters the header is longer, and only the header says so.
        var head = place.Metadata(address, 9, structure).Span;
        place.CheckSignature(head, "FRHP"u8, structure);
        int filterLength = BinaryPrimitives.ReadUInt16LittleEndian(head[7..]);
        var size = 26L + (12 * l) + (3 * o) + (filterLength > 0 ? l + 4 + filterLength : 0);
        var c = new Cursor(place.Sealed(address, size, "FRHP"u8, structure).Span, place, structure);

        var heap = new FractalHeap(address);
        c.Skip(4);
        c.Version(0, 0);
        heap.idLength = c.U16();
        c.Skip(2);
        heap.checksummed = (c.U8() & ChecksummedBlocks) != 0;
        heap.mostManaged = c.U32();
        c.Skip(l); // next huge object
        heap.hugeTree = c.Address();
        c.Skip(l + o); // free space
        c.Skip(8 * l); // statistics
        heap.width = c.U16();
        heap.startingBlock = c.Length();
        heap.largestDirect = c.Length();
        var heapBits = c.U16();
        c.Skip(2); // starting rows of the root
        heap.root = c.Address();
        heap.rootRows = c.U16();
        heap.CheckTable(heapBits, place);
        heap.offsetSize = (heapBits + 7) / 8;
        heap.lengthSize = Math.Min((BitOperations.Log2((ulong)heap.largestDirect) + 7) / 8, (BitOperations.Log2((ulong)heap.mostManaged) / 8) + 1);
        if (filterLength > 0)
        {
            heap.filteredRootSize = c.Length();
            heap.filteredRootMask = c.U32();
            heap.filters = FilterPipeline.Read(c.Take(filterLength), place);
        }

        return heap;
    }

    /// <summary>The object that a heap identifier leads to.</summary>
    public ReadOnlyMemory<byte> Object(ReadOnlySpan<byte> id, Place place)
    {
        var c = new Cursor(id, place, "heap identifier");
        var flags = c.U8();
        if (flags >> 6 != 0)
        {
            throw place.Damaged($"a heap identifier of version {flags >> 6}", "version 0");
        }

        switch ((flags >> 4) & 3)
        {
            case ManagedKind:
                var offset = c.Unsigned(offsetSize);
                return Managed(offset, c.Unsigned(lengthSize), place);
            case HugeKind:
                return Huge(ref c, place);
            case TinyKind:
                // Lengths are stored less one; long identifiers give them 12 bits.
                var length = idLength - 1 > ShortTinyLength + 1 ? ((flags & 15) << 8) + c.U8() + 1 : (flags & 15) + 1;
                return c.Take(length).ToArray();
            default:
                throw place.Damaged($"a heap identifier of kind {(flags >> 4) & 3}", "0 to 2");
        }
    }

    private void CheckTable(int heapBits, Place place)
    {
        if (width == 0 || !BitOperations.IsPow2(width) || startingBlock <= 0 || !BitOperations.IsPow2(startingBlock)
            || largestDirect < startingBlock || !BitOperations.IsPow2(largestDirect) || largestDirect > int.MaxValue
            || heapBits is 0 or > 64 || mostManaged == 0 || mostManaged > largestDirect || rootRows > 64
            || idLength < 1 + ((heapBits + 7) / 8))
        {
            throw place.Damaged(
                $"a fractal heap {width} blocks wide of {startingBlock} to {largestDirect} bytes, {heapBits} bits, {rootRows} rows");
        }
    }

    private ReadOnlyMemory<byte> Managed(long offset, long length, Place place)
    {
        if (length == 0)
        {
            throw place.Damaged("an empty object in a fractal heap");
        }

        var (block, blockOffset) = rootRows == 0
            ? (DirectBlock(root, 0, startingBlock, filteredRootSize, filteredRootMask, place), 0)
            : InIndirectBlock(root, 0, rootRows, offset, place);
        var head = 5 + place.File.OffsetSize + offsetSize + (checksummed ? Lookup3.Size : 0);
        var at = offset - blockOffset;
        if (at < head || at > block.Length || length > block.Length - at)
        {
            throw place.Damaged($"an object at {offset} of {length} bytes in a fractal heap", $"a place inside its block of {block.Length} bytes");
        }

        return block.Slice((int)at, (int)length);
    }

    // The doubling table: rows 0 and 1 hold blocks of the starting size, each row after that blocks twice as large.
    private (ReadOnlyMemory<byte> Block, long Offset) InIndirectBlock(long at, long start, int rows, long offset, Place place)
    {
        const string structure = "fractal heap indirect block";
        var file = place.File;
        var relative = offset - start;
        var firstRow = startingBlock * width;
        var row = relative < firstRow ? 0 : BitOperations.Log2((ulong)relative) - BitOperations.Log2((ulong)firstRow) + 1;
        if (relative < 0 || row >= rows)
        {
            throw place.Damaged($"an object at {offset} of a fractal heap", $"{rows} rows in the block at {start}");
        }

        var blockSize = BlockSize(row);
        var column = (relative - RowOffset(row)) / blockSize;
        var directRows = Math.Min(rows, MostDirectRows);
        var directEntry = file.OffsetSize + (filters is null ? 0 : file.LengthSize + 4);
        var size = 5L + file.OffsetSize + offsetSize + ((long)directRows * width * directEntry)
            + ((long)(rows - directRows) * width * file.OffsetSize) + Lookup3.Size;
        if (!blocks.TryGetValue(at, out var bytes))
        {
            bytes = place.Sealed(at, size, "FHIB"u8, structure);
            blocks.Add(at, bytes);
        }

        var c = new Cursor(bytes.Span, place, structure);
        CheckBlockHead(ref c, "FHIB"u8, start, structure);
        var childOffset = start + RowOffset(row) + (column * blockSize);
        if (row < directRows)
        {
            c.Skip(((row * width) + column) * directEntry);
            var direct = c.Address();
            var (filteredSize, mask) = filters is null ? (0, 0u) : (c.Length(), c.U32());
            return (DirectBlock(direct, childOffset, blockSize, filteredSize, mask, place), childOffset);
        }

        c.Skip((directRows * width * directEntry) + ((((row - directRows) * width) + column) * file.OffsetSize));
        var childRows = BitOperations.Log2((ulong)blockSize) - BitOperations.Log2((ulong)firstRow) + 1;
        return InIndirectBlock(c.Address(), childOffset, Math.Min(childRows, row), offset, place);
    }

    private ReadOnlyMemory<byte> DirectBlock(long at, long start, long size, long filteredSize, uint mask, Place place)
    {
        const string structure = "fractal heap direct block";
        if (blocks.TryGetValue(at, out var known) && known.Length == size)
        {
            return known;
        }

        var bytes = filters is null
            ? place.Metadata(at, size, structure)
            : Filtered(place.Metadata(at, filteredSize, structure), mask, size, structure, place);
        var c = new Cursor(bytes.Span, place, structure);
        CheckBlockHead(ref c, "FHDB"u8, start, structure);
        if (checksummed)
        {
            // The checksum stands in the middle of what it covers, where it counts as zero.
            var copy = bytes.ToArray();
            var stored = c.U32();
            copy.AsSpan(c.Position - Lookup3.Size, Lookup3.Size).Clear();
            if (Lookup3.Hash(copy) != stored)
            {
                throw place.Damaged($"a wrong checksum of the {structure}");
            }
        }

        blocks[at] = bytes;
        return bytes;
    }

    private void CheckBlockHead(ref Cursor c, ReadOnlySpan<byte> signature, long start, string structure)
    {
        c.Place.CheckSignature(c.Take(4), signature, structure);
        c.Version(0, 0);
        if (c.Address() != address || c.Unsigned(offsetSize) != start)
        {
            throw c.Place.Damaged($"a {structure} of another heap or another place in it");
        }
    }

    private long BlockSize(int row) => startingBlock << Math.Max(row - 1, 0);

    private long RowOffset(int row) => row == 0 ? 0 : (startingBlock * width) << (row - 1);

    private ReadOnlyMemory<byte> Huge(ref Cursor id, Place place)
    {
        const string structure = "huge object of a fractal heap";
        var file = place.File;
        var (o, l) = (file.OffsetSize, file.LengthSize);
        if (idLength - 1 >= o + l + (filters is null ? 0 : 4 + l))
        {
            return HugeObject(ref id);
        }

        // The identifier is a key of a B-tree: records of type 1, or 2 with filters.
        var key = id.Unsigned(Math.Min(idLength - 1, 8));
        if (hugeRecords is null)
        {
            hugeRecords = [];
            foreach (var record in BTree2.Records(hugeTree, [filters is null ? 1 : 2], place))
            {
                if (record.Length < o + (2 * l))
                {
                    throw place.Damaged($"a record of {record.Length} bytes for a {structure}");
                }

                var end = new Cursor(record.Span[^l..], place, structure);
                hugeRecords[end.Length()] = record;
            }
        }

        if (!hugeRecords.TryGetValue(key, out var found))
        {
            throw place.Damaged($"a {structure} with number {key}, which the heap does not have");
        }

        var c = new Cursor(found.Span, place, structure);
        return HugeObject(ref c);
    }

    private ReadOnlyMemory<byte> HugeObject(ref Cursor c)
    {
        const string structure = "huge object of a fractal heap";
        var place = c.Place;
        var (at, length) = (c.Address(), c.Length());
        if (filters is null)
        {
            return place.Metadata(at, length, structure);
        }

        var mask = c.U32();
        return Filtered(place.Metadata(at, length, structure), mask, c.Length(), structure, place);
    }

    private ReadOnlyMemory<byte> Filtered(ReadOnlyMemory<byte> stored, uint mask, long size, string structure, Place place)
    {
        var most = Math.Min(place.File.Limits.MaxMetadataBytes, Array.MaxLength);
        return size >= 0 && size <= most
            ? filters!.Decode(stored, mask, (int)size, place)
            : throw place.TooLarge($"a {structure} of {size} bytes", nameof(ReadLimits.MaxMetadataBytes), most);
    }
}
