using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>What kernels look out for: an index outside its axis cannot be thrown on a device, so it is noted in a buffer that is read when the call is over.</summary>
internal sealed class IndexChecks(DeviceSlots slots)
{
    /// <summary>The number of the check that failed, 0 for none, and the index.</summary>
    private const int Notes = 2;

    private readonly List<(string What, int Size)> _checks = [];
    private Slot? _slot;

    /// <summary>Where kernels note an index outside its axis, and the number under which they note it.</summary>
    /// <param name="what">What is indexed.</param>
    /// <param name="size">The size of the axis.</param>
    public (Slot Errors, int Number) Add(string what, int size)
    {
        // Lives as long as the frame: a call after one that failed finds it cleared.
        _slot ??= new Slot(slots.Add(DType.Int64, Notes, 0, int.MaxValue), DType.Int64, new Shape(Notes));
        _checks.Add((what, size));
        return (_slot.Value, _checks.Count);
    }

    /// <summary>Makes a frame ready for its first call, or for the next after one that was stopped.</summary>
    public void Clear(OpenClContext context, OpenClFrame frame)
    {
        if (_slot is { } slot)
        {
            context.Api.Clear(frame.Queue, frame.Buffers[slot.Index], Notes * sizeof(long));
        }
    }

    /// <summary>Throws what a kernel found wrong in the call, and makes the frame ready for the next.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An index was outside its axis.</exception>
    public void ThrowIfFailed(OpenClContext context, OpenClFrame frame, OpenClCounters counters)
    {
        if (_slot is not { } slot)
        {
            return;
        }

        Span<long> found = stackalloc long[Notes];
        context.Api.Read(frame.Queue, frame.Buffers[slot.Index], MemoryMarshal.AsBytes(found));
        counters.Downloaded(Notes * sizeof(long));
        if (found[0] != 0)
        {
            Clear(context, frame);
            (string what, int size) = _checks[(int)found[0] - 1];
            throw new ArgumentOutOfRangeException(what, $"Index {found[1]} is outside 0 to {size - 1}.");
        }
    }
}
