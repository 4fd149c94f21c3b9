namespace KerasCompat.Hdf5;

/// <summary>Elements in chunks.</summary>
internal sealed class ChunkedStorage(DataLayout layout, Dataspace space, FilterPipeline? filters, ReadOnlyMemory<byte> fill, Place place) : IStorage
{
    public bool TryView(out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        return false;
    }

    public void CopyTo(long start, Span<byte> destination)
    {
        var grid = new ChunkGrid(layout, space, filters is not null, place);
        var size = (Int128)space.Count * layout.ElementSize;
        if (start != 0 || size != destination.Length)
        {
            throw new ResourceLimitException(place.ToString(), $"{size} bytes in chunks", $"at most {Array.MaxLength} bytes, unless they lie in one piece");
        }

        UnwrittenStorage.Fill(destination, fill.Span);
        long decoded = 0;
        foreach (var chunk in ChunkIndex.Chunks(grid))
        {
            if (!grid.Contains(chunk.Position))
            {
                continue; // left over from before the dataset shrank
            }

            decoded += grid.ChunkBytes;
            place.File.CheckExpansion(decoded, place.File.End, place);
            Place(Load(chunk, grid).Span, chunk.Position, grid, destination);
        }
    }

    private ReadOnlyMemory<byte> Load(in StoredChunk chunk, ChunkGrid grid)
    {
        const string structure = "chunk";
        if (filters is null || (layout.PlainEdges && grid.IsCut(chunk.Position)))
        {
            return chunk.Size >= grid.ChunkBytes
                ? View(chunk.Address, chunk.Size, structure)[..(int)grid.ChunkBytes]
                : throw place.Damaged($"a chunk of {chunk.Size} bytes", $"{grid.ChunkBytes} bytes");
        }

        place.File.CheckExpansion(grid.ChunkBytes, chunk.Size, place);
        CheckLength(grid.ChunkBytes);
        return filters.Decode(View(chunk.Address, chunk.Size, structure), chunk.FilterMask, (int)grid.ChunkBytes, place);
    }

    private ReadOnlyMemory<byte> View(long address, long size, string structure)
    {
        place.CheckRange(address, size, structure);
        CheckLength(size);
        return place.File.Bytes.View(place.File.Base + address, (int)size);
    }

    private void CheckLength(long size)
    {
        place.File.CheckArray(size, place);
        if (size > Array.MaxLength)
        {
            throw new ResourceLimitException(place.ToString(), $"a chunk of {size} bytes", $"at most {Array.MaxLength}");
        }
    }

    /// <summary>Copies the part of a chunk that lies inside the dataset, row by row.</summary>
    private static void Place(ReadOnlySpan<byte> chunk, long[] position, ChunkGrid grid, Span<byte> destination)
    {
        var rank = grid.Rank;
        var elementSize = grid.Layout.ElementSize;
        var size = grid.Layout.Chunk;
        var counts = new long[rank];
        long target = 0, targetStride = elementSize, sourceStride = elementSize;
        var targetStrides = new long[rank];
        var sourceStrides = new long[rank];
        for (var i = rank - 1; i >= 0; i--)
        {
            var start = position[i] * size[i];
            counts[i] = Math.Min(size[i], grid.Dimensions[i] - start);
            targetStrides[i] = targetStride;
            sourceStrides[i] = sourceStride;
            target += start * targetStride;
            targetStride *= grid.Dimensions[i];
            sourceStride *= size[i];
        }

        var row = (int)(counts[^1] * elementSize);
        var index = new long[rank - 1];
        long source = 0;
        while (true)
        {
            chunk.Slice((int)source, row).CopyTo(destination.Slice((int)target, row));
            var i = rank - 2;
            for (; i >= 0; i--)
            {
                source += sourceStrides[i];
                target += targetStrides[i];
                if (++index[i] < counts[i])
                {
                    break;
                }

                source -= counts[i] * sourceStrides[i];
                target -= counts[i] * targetStrides[i];
                index[i] = 0;
            }

            if (i < 0)
            {
                return;
            }
        }
    }
}
