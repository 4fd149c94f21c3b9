namespace KerasCompat.Hdf5;

/// <summary>Appendix C.E, chunks found by a version-2 B-tree. A record: address, with filters stored bytes and mask, place in chunks.</summary>
internal static class BTree2Chunks
{
    private const int PlainType = 10, FilteredType = 11;

    public static IEnumerable<StoredChunk> Read(ChunkGrid grid)
    {
        var place = grid.Place;
        var width = grid.Layout.ChunkSizeWidth;
        var recordSize = place.File.OffsetSize + (grid.Filtered ? width + 4 : 0) + (8 * grid.Rank);
        var last = Array.Empty<long>();
        foreach (var record in BTree2.Records(grid.Layout.Address, [grid.Filtered ? FilteredType : PlainType], place))
        {
            if (record.Length != recordSize)
            {
                throw place.Damaged($"a record of {record.Length} bytes for a chunk", $"{recordSize} bytes");
            }

            var c = new Cursor(record.Span, place, "record of a chunk");
            var address = c.Address();
            var (size, mask) = grid.Filtered ? (c.Unsigned(width), c.U32()) : (grid.ChunkBytes, 0u);
            var position = new long[grid.Rank];
            for (var i = 0; i < position.Length; i++)
            {
                position[i] = c.Unsigned(8);
            }

            if (last.AsSpan().SequenceCompareTo(position) >= 0)
            {
                throw place.Damaged("chunks out of order in a B-tree");
            }

            last = position;
            yield return new StoredChunk(position, address, size, mask);
        }
    }
}
