namespace KerasCompat.Hdf5;

/// <summary>The elements of fixed and extensible arrays: the address of a chunk, with filters also its stored bytes and mask.</summary>
internal sealed class ArrayElements
{
    private readonly ChunkGrid grid;
    private readonly int first;
    private readonly long[] strides;

    public ArrayElements(ChunkGrid grid, int first)
    {
        (this.grid, this.first) = (grid, first);
        strides = grid.Strides(first);
        Size = grid.Place.File.OffsetSize + (grid.Filtered ? grid.Layout.ChunkSizeWidth + 4 : 0);
    }

    /// <summary>Bytes of an element.</summary>
    public int Size { get; }

    /// <summary>The client that an array of such elements names.</summary>
    public int Client => grid.Filtered ? 1 : 0;

    /// <summary>The chunks that <paramref name="count"/> elements lead to, the first of them of number <paramref name="start"/>.</summary>
    public void Read(ref Cursor c, long start, long count, List<StoredChunk> chunks)
    {
        for (long i = 0; i < count; i++)
        {
            var address = c.Address();
            var (size, mask) = grid.Filtered ? (c.Unsigned(grid.Layout.ChunkSizeWidth), c.U32()) : (grid.ChunkBytes, 0u);
            if (address != Cursor.Undefined)
            {
                chunks.Add(new StoredChunk(grid.Position(start + i, strides, first), address, size, mask));
            }
        }
    }

    public void CheckHeader(int client, int size)
    {
        if (client != Client || size != Size)
        {
            throw grid.Place.Damaged($"an array of chunks for client {client} with elements of {size} bytes", $"client {Client}, {Size} bytes");
        }
    }
}
