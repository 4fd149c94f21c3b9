namespace KerasCompat.Hdf5;

/// <summary>Lists the chunks of a dataset that were written, by whichever index it has.</summary>
internal static class ChunkIndex
{
    public static IEnumerable<StoredChunk> Chunks(ChunkGrid grid) => grid.Layout switch
    {
        { Address: Cursor.Undefined } => [],
        { Index: ChunkIndexKind.BTree1 } => BTree1Chunks.Read(grid),
        { Index: ChunkIndexKind.Single } => Single(grid),
        { Index: ChunkIndexKind.Implicit } => Implicit(grid),
        { Index: ChunkIndexKind.FixedArray } => FixedArray.Read(grid),
        { Index: ChunkIndexKind.ExtensibleArray } => ExtensibleArray.Read(grid),
        _ => BTree2Chunks.Read(grid),
    };

    // Appendix C.A: one chunk holds the whole dataset.
    private static IEnumerable<StoredChunk> Single(ChunkGrid grid)
    {
        var (size, mask) = grid.Layout.Single ?? (grid.ChunkBytes, 0);
        return [new StoredChunk(new long[grid.Rank], grid.Layout.Address, size, mask)];
    }

    // Appendix C.B: all chunks were given their place at once, one behind the other.
    private static IEnumerable<StoredChunk> Implicit(ChunkGrid grid)
    {
        var first = 0;
        var strides = grid.Strides(first);
        var total = (Int128)strides[first] * Math.Max(1, grid.Counts[first]);
        if (total * grid.ChunkBytes > grid.Place.File.End)
        {
            throw grid.Place.Damaged($"{total} chunks of {grid.ChunkBytes} bytes", "chunks inside the file");
        }

        for (long i = 0; i < (long)total; i++)
        {
            yield return new StoredChunk(grid.Position(i, strides, first), grid.Layout.Address + (i * grid.ChunkBytes), grid.ChunkBytes, 0);
        }
    }
}
