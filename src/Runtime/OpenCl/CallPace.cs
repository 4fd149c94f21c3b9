namespace KerasCompat.Runtime.OpenCl;

/// <summary>A call that may be stopped: it is asked for between its commands, and has so few of them waiting on the device that they end soon.</summary>
/// <remarks>The device never idles for it: one window of commands is waiting while the next is being enqueued.</remarks>
internal sealed class CallPace(OpenClApi api, nint queue, CancellationToken cancellation) : IDisposable
{
    /// <summary>Commands of a window; up to two windows wait on the device.</summary>
    public const int Window = 64;

    private int _commands;
    private nint _mark;

    /// <summary>To be told before each command.</summary>
    /// <exception cref="OperationCanceledException">The caller no longer wants the call.</exception>
    public void Next()
    {
        cancellation.ThrowIfCancellationRequested();
        if (++_commands % Window != 0)
        {
            return;
        }

        nint mark = api.Mark(queue);
        (nint before, _mark) = (_mark, mark);
        if (before != 0)
        {
            api.Wait(before);
            api.ReleaseEvent(before);
        }
    }

    public void Dispose()
    {
        if (_mark != 0)
        {
            api.ReleaseEvent(_mark);
        }
    }
}
