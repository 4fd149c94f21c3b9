using System.Diagnostics;

namespace KerasCompat.Fuzz;

/// <summary>What became of one file.</summary>
internal enum Outcome
{
    /// <summary>It was read.</summary>
    Read,

    /// <summary>It was refused by one of this library's exceptions.</summary>
    Refused,

    /// <summary>It threw something else, took too long or too much memory.</summary>
    Wrong,
}

/// <summary>One file read under watch.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Refusal">The exception's type where it was refused.</param>
/// <param name="Fault">What went wrong, or null.</param>
/// <param name="Time">How long it took.</param>
/// <param name="Bytes">How much was allocated in all, which is more than was held at a time.</param>
internal sealed record Round(Outcome Outcome, string? Refusal, string? Fault, TimeSpan Time, long Bytes)
{
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);
    public const long MostBytes = 512L << 20;

    /// <summary>How long a reader may take before it is held to hang.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(60);

    /// <summary>Reads a file on a thread of its own, so that one that never ends is told as such.</summary>
    public static Round Of(Target target, byte[] bytes, string name)
    {
        Round? round = null;
        var thread = new Thread(() => round = OnThisThread(target, bytes, name), maxStackSize: 1 << 20) { IsBackground = true };
        thread.Start();
        return thread.Join(Hang) ? round! : new Round(Outcome.Wrong, null, $"still reading after {Hang}", Hang, 0);
    }

    private static Round OnThisThread(Target target, byte[] bytes, string name)
    {
        Round round = Once(target, bytes, name);

        // On a busy machine a slow round is tried once more before it counts.
        return round.Fault is not null && round.Time > Longest ? Once(target, bytes, name) : round;
    }

    private static Round Once(Target target, byte[] bytes, string name)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        var clock = Stopwatch.StartNew();
        (Outcome outcome, string? refusal, string? fault) = (Outcome.Read, (string?)null, (string?)null);
        try
        {
            target.Read(bytes, name);
        }
        catch (KerasCompatException e)
        {
            (outcome, refusal) = (Outcome.Refused, e.GetType().Name);
        }
        catch (Exception e)
        {
            (outcome, fault) = (Outcome.Wrong, e.ToString());
        }

        TimeSpan time = clock.Elapsed;
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        fault ??= time > Longest ? $"took {time}" : allocated > MostBytes ? $"allocated {allocated >> 20} MB" : null;
        return new Round(fault is null ? outcome : Outcome.Wrong, refusal, fault, time, allocated);
    }
}
