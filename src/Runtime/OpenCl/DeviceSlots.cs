using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>The buffers of a plan on the device: those that share a call's block of memory by their lifetimes, and those that all calls read.</summary>
internal sealed class DeviceSlots(int alignment)
{
    private readonly MemoryPlan _memory = new(alignment);
    private readonly Dictionary<int, long> _bytes = [];
    private readonly List<(int Slot, DeviceBuffer Buffer)> _fixed = [];
    private IReadOnlyList<(int Slot, long Offset)> _places = [];
    private int _count;

    /// <summary>Bytes of the block that a running call holds.</summary>
    public long Bytes { get; private set; }

    /// <summary>A buffer that is written at step <paramref name="first"/> and last read at step <paramref name="last"/>.</summary>
    public int Add(DType dtype, int length, int first, int last)
    {
        // A buffer has a byte at least; of empty ones one number is made.
        long bytes = Math.Max((long)length * dtype.Size(), sizeof(long));
        _bytes.Add(_count, bytes);
        _memory.Add(_count, bytes, first, last);
        return _count++;
    }

    /// <summary>A buffer that exists already.</summary>
    public int AddFixed(DeviceBuffer buffer)
    {
        _fixed.Add((_count, buffer));
        return _count++;
    }

    /// <summary>Decides where the buffers lie; nothing is added afterwards.</summary>
    public void Place() => (_places, Bytes) = _memory.Place();

    /// <summary>A frame with all buffers in their places.</summary>
    public OpenClFrame NewFrame(OpenClContext context, nint queue, int steps, CpuFrame host)
    {
        var frame = new OpenClFrame(context, queue, _count, Bytes, steps, host);
        foreach ((int slot, long offset) in _places)
        {
            frame.Place(slot, offset, _bytes[slot]);
        }

        foreach ((int slot, DeviceBuffer buffer) in _fixed)
        {
            frame.Buffers[slot] = buffer.Handle;
        }

        return frame;
    }
}
