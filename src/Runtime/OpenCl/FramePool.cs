namespace KerasCompat.Runtime.OpenCl;

/// <summary>The frames of a plan: one for each call that runs, kept for the calls to come, freed once the plan is disposed of and its last call has ended.</summary>
/// <param name="create">Makes a frame.</param>
/// <param name="free">Frees what the plan holds besides.</param>
internal sealed class FramePool(Func<OpenClFrame> create, Action free) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Stack<OpenClFrame> _idle = [];
    private int _running;
    private bool _disposed;

    /// <summary>A frame that nobody else uses, to be given back when the call is over; null where the pool is disposed of.</summary>
    public OpenClFrame? TryRent()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return null;
            }

            _running++;
            if (_idle.TryPop(out OpenClFrame? frame))
            {
                return frame;
            }
        }

        try
        {
            return create();
        }
        catch
        {
            Return(null);
            throw;
        }
    }

    /// <summary>Ends a call; <paramref name="frame"/> is null where it got none.</summary>
    public void Return(OpenClFrame? frame)
    {
        lock (_lock)
        {
            _running--;
            if (frame is not null)
            {
                _idle.Push(frame);
            }

            if (_disposed && _running == 0)
            {
                Free();
            }
        }
    }

    /// <summary>Frees everything, after the calls that are running.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            if (_running == 0)
            {
                Free();
            }
        }
    }

    private void Free()
    {
        while (_idle.TryPop(out OpenClFrame? frame))
        {
            frame.Dispose();
        }

        free();
    }
}
