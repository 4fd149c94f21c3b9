using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>The buffers of a plan on the host: those that share a call's block of memory by their lifetimes, stored values, texts, and what the caller hands in.</summary>
internal sealed class HostSlots(CpuStore store)
{
    private readonly MemoryPlan _memory = new();
    private readonly List<(int Slot, Value Value)> _stored = [];
    private readonly List<(int Slot, int Length)> _texts = [];
    private IReadOnlyList<(int Slot, long Offset)> _places = [];
    private long _bytes;
    private int _count;

    /// <summary>A buffer whose memory is the caller's.</summary>
    public int AddForeign() => _count++;

    /// <summary>A buffer that is written at step <paramref name="first"/> and last read at step <paramref name="last"/>.</summary>
    public int Add(DType dtype, int length, int first, int last)
    {
        if (dtype == DType.String)
        {
            _texts.Add((_count, length));
        }
        else
        {
            _memory.Add(_count, (long)length * dtype.Size(), first, last);
        }

        return _count++;
    }

    /// <summary>A value that no call changes.</summary>
    public int AddStored(Value value)
    {
        _stored.Add((_count, value));
        return _count++;
    }

    /// <summary>Decides where the buffers lie; nothing is added afterwards.</summary>
    public void Place() => (_places, _bytes) = _memory.Place();

    /// <summary>A frame with all buffers in their places, but for the caller's.</summary>
    /// <param name="children">The frames of nested plans.</param>
    public CpuFrame NewFrame(CpuFrame[] children)
    {
        var frame = new CpuFrame(_count, _bytes) { Children = children };
        foreach ((int slot, long offset) in _places)
        {
            frame.Place(slot, offset);
        }

        foreach ((int slot, int length) in _texts)
        {
            frame.Point(slot, new string[length]);
        }

        foreach ((int slot, Value value) in _stored)
        {
            Point(frame, slot, value);
        }

        return frame;
    }

    private unsafe void Point(CpuFrame frame, int slot, Value value)
    {
        if (value.DType == DType.String)
        {
            frame.Point(slot, store.Keep(value).As<string>().Memory);
        }
        else
        {
            frame.Point(slot, store.Address(value));
        }
    }
}
