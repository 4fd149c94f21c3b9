using System.Diagnostics;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Where the threads of a gang wait for each other, several hundred thousand times a second: it spins, because the others
/// are expected within a microsecond.
/// </summary>
/// <remarks>
/// When a member does not come for <see cref="Patience"/>, its processor is doing something else, and every further
/// meeting would wait for the scheduler. Then the barrier is broken: all members learn it at the end of the same round,
/// and member 0 goes on alone.
/// </remarks>
internal sealed class SpinBarrier
{
    private const int SpinsBeforeYield = 2000;

    /// <summary>Longer than the few milliseconds for which a virtual machine's host takes a processor away: after these the gang is still the faster.</summary>
    private static readonly long Patience = Stopwatch.Frequency / 200;

    private int _members = 1;
    private int _arrived;
    private int _round;
    private bool _slow;

    /// <summary>Whether the last round took too long. All members see the same answer until they meet again.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Sets how many threads must arrive. Nobody may be waiting.</summary>
    public void Reset(int members)
    {
        _members = members;
        _arrived = 0;
        _slow = false;
        IsBroken = false;
    }

    /// <summary>Returns when all members have called it. What they wrote before is visible after.</summary>
    public void SignalAndWait()
    {
        int round = Volatile.Read(ref _round);
        if (Interlocked.Increment(ref _arrived) == _members)
        {
            // The last to arrive decides for everybody.
            IsBroken = Volatile.Read(ref _slow);
            _arrived = 0;
            Volatile.Write(ref _round, round + 1);
            return;
        }

        Wait(round);
    }

    private void Wait(int round)
    {
        for (int spins = 0; spins < SpinsBeforeYield; spins++)
        {
            if (Volatile.Read(ref _round) != round)
            {
                return;
            }

            Thread.SpinWait(1);
        }

        long deadline = Stopwatch.GetTimestamp() + Patience;
        while (Volatile.Read(ref _round) == round)
        {
            Thread.Yield();
            if (Stopwatch.GetTimestamp() > deadline)
            {
                Volatile.Write(ref _slow, true);
            }
        }
    }
}
