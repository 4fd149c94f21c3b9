namespace KerasCompat.Hdf5;

/// <summary>Level 1A1, chunks found by a version-1 B-tree. A key: stored bytes, filter mask, offset in elements along each dimension, 0.</summary>
internal static class BTree1Chunks
{
    public static List<StoredChunk> Read(ChunkGrid grid)
    {
        var place = grid.Place;
        var keySize = 8 + (8 * (grid.Rank + 1));
        var chunks = new List<StoredChunk>();
        long[]? last = null;
        BTree1.ForEach(grid.Layout.Address, nodeType: 1, keySize, 2 * place.File.ChunkInternalK, place, (before, address, _) =>
        {
            var c = new Cursor(before, place, "key of a chunk");
            var (size, mask) = (c.U32(), c.U32());
            var position = new long[grid.Rank];
            for (var i = 0; i < position.Length; i++)
            {
                var offset = c.U64();
                if (offset > long.MaxValue || (long)offset % grid.Layout.Chunk[i] != 0)
                {
                    throw place.Damaged($"a chunk at element {offset} of dimension {i}", $"a multiple of {grid.Layout.Chunk[i]}");
                }

                position[i] = (long)offset / grid.Layout.Chunk[i];
            }

            if (c.U64() != 0)
            {
                throw place.Damaged("a chunk that starts inside an element");
            }

            if (last is not null && last.AsSpan().SequenceCompareTo(position) >= 0)
            {
                throw place.Damaged("chunks out of order in a B-tree");
            }

            last = position;
            chunks.Add(new StoredChunk(position, address, size, mask));
        });
        return chunks;
    }
}
