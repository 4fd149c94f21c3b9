using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>What one running call of a plan needs: a command queue, device memory, kernels with their arguments set, and host memory for operators on the CPU.</summary>
internal sealed class OpenClFrame : IDisposable
{
    private readonly OpenClContext _context;
    private readonly bool _ownsQueue;
    private readonly DeviceBuffer _arena;
    private readonly List<nint> _parts = [];

    /// <param name="context">The device.</param>
    /// <param name="queue">The queue of the frame around; 0 for a queue of its own.</param>
    /// <param name="slots">Number of slots on the device.</param>
    /// <param name="arenaBytes">Device memory for the slots that the plan places.</param>
    /// <param name="steps">Number of steps.</param>
    /// <param name="host">Host memory.</param>
    public OpenClFrame(OpenClContext context, nint queue, int slots, long arenaBytes, int steps, CpuFrame host)
    {
        _context = context;
        _arena = context.Allocate(arenaBytes, "a call's buffers");
        _ownsQueue = queue == 0;
        Queue = _ownsQueue ? context.NewQueue() : queue;
        Buffers = new nint[slots];
        Kernels = new nint[steps];
        Host = host;
    }

    ~OpenClFrame() => Free();

    public nint Queue { get; }

    /// <summary>OpenCL's handles of the slots' memory.</summary>
    public nint[] Buffers { get; }

    /// <summary>The kernels of the steps that launch one.</summary>
    public nint[] Kernels { get; }

    public CpuFrame Host { get; }

    /// <summary>Where the running call may be stopped, what is told of each command; else null.</summary>
    public CallPace? Pace { get; set; }

    /// <summary>The frames of nested plans, by their numbers.</summary>
    public OpenClFrame[] Children { get; set; } = [];

    /// <summary>Lets a slot lie in the frame's own memory.</summary>
    public void Place(int slot, long offset, long bytes)
    {
        Buffers[slot] = _context.Api.CreateSubBuffer(_arena.Handle, offset, bytes);
        _parts.Add(Buffers[slot]);
    }

    public void Dispose()
    {
        foreach (OpenClFrame child in Children)
        {
            child.Dispose();
        }

        Free();
        _arena.Dispose();
        Host.Dispose();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        foreach (nint kernel in Kernels.Where(k => k != 0))
        {
            _context.Api.ReleaseKernel(kernel);
        }

        _parts.ForEach(_context.Api.ReleaseBuffer);
        if (_ownsQueue)
        {
            _context.Api.ReleaseQueue(Queue);
        }
    }
}
