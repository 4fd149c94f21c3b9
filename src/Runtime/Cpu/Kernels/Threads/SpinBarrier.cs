namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Where the threads of a gang wait for each other, several hundred thousand times a second: it spins, and only after
/// a while gives its processor away, because the others are expected within a microsecond.
/// </summary>
internal sealed class SpinBarrier
{
    private const int SpinsBeforeYield = 2000;

    private int _members = 1;
    private int _arrived;
    private int _round;

    /// <summary>Sets how many threads must arrive. Nobody may be waiting.</summary>
    public void Reset(int members)
    {
        _members = members;
        _arrived = 0;
    }

    /// <summary>Returns when all members have called it. What they wrote before is visible after.</summary>
    public void SignalAndWait()
    {
        if (_members == 1)
        {
            return;
        }

        int round = Volatile.Read(ref _round);
        if (Interlocked.Increment(ref _arrived) == _members)
        {
            _arrived = 0;
            Volatile.Write(ref _round, round + 1);
            return;
        }

        for (int spins = 0; Volatile.Read(ref _round) == round; spins++)
        {
            if (spins < SpinsBeforeYield)
            {
                Thread.SpinWait(1);
            }
            else
            {
                Thread.Yield();
            }
        }
    }
}
