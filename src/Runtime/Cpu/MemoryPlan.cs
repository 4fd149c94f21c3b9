namespace KerasCompat.Runtime.Cpu;

/// <summary>Places buffers of known lifetimes in one block of memory, so that buffers never alive together share bytes.</summary>
/// <remarks>Largest first, each at the lowest offset free during its life: the greedy-by-size rule of arena planners.</remarks>
/// <param name="alignment">Buffers begin at multiples of this many bytes.</param>
internal sealed class MemoryPlan(int alignment = CpuFrame.Alignment)
{
    private readonly List<Buffer> _buffers = [];

    /// <summary>Registers a buffer that is written at step <paramref name="first"/> and last read at step <paramref name="last"/>.</summary>
    public void Add(int slot, long bytes, int first, int last) =>
        _buffers.Add(new Buffer(slot, (bytes + alignment - 1) / alignment * alignment, first, last));

    /// <summary>Decides the offsets. Returns them by slot, and the bytes needed in all.</summary>
    public (IReadOnlyList<(int Slot, long Offset)> Places, long Bytes) Place()
    {
        var placed = new List<(Buffer Buffer, long Offset)>(_buffers.Count);
        long total = 0;
        foreach (Buffer buffer in _buffers.OrderByDescending(b => b.Bytes).ThenBy(b => b.Slot))
        {
            long offset = 0;
            foreach ((Buffer other, long at) in placed.Where(p => p.Buffer.Overlaps(buffer)).OrderBy(p => p.Offset))
            {
                if (offset + buffer.Bytes <= at)
                {
                    break;
                }

                offset = Math.Max(offset, at + other.Bytes);
            }

            placed.Add((buffer, offset));
            total = Math.Max(total, offset + buffer.Bytes);
        }

        return ([.. placed.Select(p => (p.Buffer.Slot, p.Offset))], total);
    }

    private readonly record struct Buffer(int Slot, long Bytes, int First, int Last)
    {
        public bool Overlaps(Buffer other) => First <= other.Last && other.First <= Last;
    }
}
