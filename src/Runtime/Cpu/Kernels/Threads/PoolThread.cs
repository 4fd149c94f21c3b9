using System.Diagnostics;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>A thread that waits for the jobs of <see cref="CpuThreads"/>, first awake, then asleep.</summary>
/// <remarks>
/// Where other programs keep the processors busy, the system may put this thread on the caller's own. Looking for jobs there takes the
/// caller's time. So the thread offers its processor to others now and then; if somebody took it, the thread sleeps and is not woken for
/// a while.
/// </remarks>
internal sealed unsafe class PoolThread
{
    /// <summary>How long an idle thread looks for the next job before it sleeps.</summary>
    private static readonly long SpinTicks = Stopwatch.Frequency / 20_000;

    /// <summary>Looks for a job between two offers: about 12 µs, more than passes between the operators of a call.</summary>
    private const int SpinsBetweenOffers = 192;

    /// <summary>An offer that nobody takes is over within a microsecond.</summary>
    private static readonly long TakenTicks = Stopwatch.Frequency / 100_000;

    /// <summary>How long a thread whose processor others want is left asleep.</summary>
    private static readonly long Rest = Stopwatch.Frequency / 4000;

    private readonly AutoResetEvent _wake = new(false);
    private readonly int _index;
    private readonly PoolState* _state;
    private int _asleep;
    private long _restsUntil;

    public PoolThread(int index, PoolState* state)
    {
        _index = index;
        _state = state;
        new Thread(Loop) { IsBackground = true, Name = "KerasCompat kernels" }.Start();
    }

    /// <summary>Lets the thread look for a job, if it sleeps.</summary>
    public void Wake()
    {
        if (Volatile.Read(ref _asleep) != 0
            && Stopwatch.GetTimestamp() >= Volatile.Read(ref _restsUntil)
            && Interlocked.Exchange(ref _asleep, 0) != 0)
        {
            _wake.Set();
        }
    }

    private void Loop()
    {
        int seen = 0;
        while (true)
        {
            seen = NextJob(seen);
            CpuThreads.Help(_index);
        }
    }

    private int NextJob(int seen)
    {
        long deadline = Stopwatch.GetTimestamp() + SpinTicks;
        for (int spins = 1; Volatile.Read(ref _state->Epoch) == seen; spins++)
        {
            Thread.SpinWait(1);
            if ((spins % SpinsBetweenOffers == 0 && OthersWantTheProcessor()) || Stopwatch.GetTimestamp() > deadline)
            {
                Sleep(seen);
                break;
            }
        }

        return Volatile.Read(ref _state->Epoch);
    }

    private bool OthersWantTheProcessor()
    {
        long before = Stopwatch.GetTimestamp();
        Thread.Yield();
        long now = Stopwatch.GetTimestamp();
        bool taken = now - before > TakenTicks;
        Volatile.Write(ref _restsUntil, taken ? now + Rest : 0);
        return taken;
    }

    // Whoever clears the flag decides: the waker also sets the event, and then it must be consumed here.
    private void Sleep(int seen)
    {
        Interlocked.Exchange(ref _asleep, 1);
        bool newJob = Volatile.Read(ref _state->Epoch) != seen;
        if (!newJob || Interlocked.Exchange(ref _asleep, 0) == 0)
        {
            _wake.WaitOne();
        }
    }
}
