using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The one pool of threads that the kernels share. A call runs on the caller and on whichever pool threads join it
/// before it is done; when the pool is busy with another call (a nested one, or another thread's prediction), the
/// caller does all the work itself. Nothing is allocated, and no kernel's result may depend on who did which part.
/// </summary>
/// <remarks>
/// One job at a time. Its state is the word <see cref="PoolState.Gate"/> = 2 · (pool threads inside) + (1 while open): a pool
/// thread that sees a new job enters only while the gate is open, and the caller returns when it has closed the gate
/// and everybody has left. A pool thread that wakes too late therefore costs the caller nothing.
/// </remarks>
internal static unsafe class CpuThreads
{
    public const string EnvironmentVariable = "KERASCOMPAT_THREADS";

    /// <summary>How long a gang waits for its members. To wake a thread takes 50 to 150 µs, more on a virtual machine whose other processor is idle.</summary>
    private static readonly long GatherTicks = Stopwatch.Frequency / 1000;

    /// <summary>After a gang that did not work out, none is tried for this long; twice as long each time, up to the limit.</summary>
    private static readonly long ShortestPause = Stopwatch.Frequency / 1000;

    private static readonly long LongestPause = Stopwatch.Frequency / 10;

    /// <summary>Numbers above this are given to threads that came after the gang had begun.</summary>
    private const int TooLate = 1 << 20;

    /// <summary>Looks at the gate, about 10 µs of them, before a caller lets another thread have the processor: one that it waits for, perhaps.</summary>
    private const int SpinsBeforeYield = 300;

    private static readonly Lock PoolLock = new();
    private static readonly SpinBarrier Barrier = new();
    private static readonly SpinBarrier Alone = new();
    private static readonly PoolState* Shared = PoolState.Allocate();
    private static PoolThread[] s_pool = [];
    private static PartRuns s_runs;
    private static volatile int s_count = InitialCount();

    private static int s_owned;
    private static Exception? s_error;
    private static long s_pause;
    private static long s_pausedUntil;

    /// <summary>How many threads a kernel may use, the caller included. At first the variable <c>KERASCOMPAT_THREADS</c>, or all processors.</summary>
    public static int Count
    {
        get => s_count;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            s_count = value;
        }
    }

    /// <summary>Runs parts 0 to <paramref name="parts"/> − 1, each once, in no particular order.</summary>
    /// <param name="parts">How many parts there are.</param>
    /// <param name="body">What a part does.</param>
    /// <param name="limit">The most threads to use, for work that has workspace for so many.</param>
    public static void For<TBody>(int parts, TBody body, int limit = int.MaxValue)
        where TBody : struct, IParallelBody
    {
        int threads = Math.Min(Math.Min(parts, limit), s_count);
        if (threads <= 1 || Interlocked.CompareExchange(ref s_owned, 1, 0) != 0)
        {
            for (int part = 0; part < parts; part++)
            {
                body.Run(part, 0);
            }

            return;
        }

        // The pool threads reach the body through its address; it lives in this frame until they have left.
        Parts<TBody> job = new() { Body = body };
        s_runs.Deal(parts, threads);
        Open(&Parts<TBody>.Take, Unsafe.AsPointer(ref job), threads - 1);
        try
        {
            Parts<TBody>.Take(Unsafe.AsPointer(ref job), 0);
        }
        finally
        {
            Close();
        }
    }

    /// <summary>
    /// Runs the body once on each of up to <paramref name="wanted"/> threads at the same time. How many really run is
    /// for the pool to say: one, if it is busy, or if gangs had to wait too long lately.
    /// </summary>
    public static void Gang<TBody>(int wanted, TBody body)
        where TBody : struct, IGangBody
    {
        if (wanted <= 1 || s_count == 1 || Stopwatch.GetTimestamp() < Volatile.Read(ref s_pausedUntil)
            || Interlocked.CompareExchange(ref s_owned, 1, 0) != 0)
        {
            body.Run(0, 1, Alone);
            return;
        }

        Gathering<TBody> job = new() { Body = body };
        int others = Math.Min(wanted, s_count) - 1;
        Shared->NextMember = 0;
        Volatile.Write(ref Shared->Members, 0);
        Open(&Gathering<TBody>.Join, Unsafe.AsPointer(ref job), others);
        long deadline = Stopwatch.GetTimestamp() + GatherTicks;
        while (Volatile.Read(ref Shared->NextMember) < others && Stopwatch.GetTimestamp() < deadline)
        {
            Thread.SpinWait(1);
        }

        // Whoever has a number is a member. Raising the numbers out of range turns away those still on their way.
        int members = 1 + Interlocked.Exchange(ref Shared->NextMember, TooLate);
        Interlocked.Decrement(ref Shared->Gate);
        Barrier.Reset(members);
        Volatile.Write(ref Shared->Members, members);
        try
        {
            job.Body.Run(0, members, Barrier);
        }
        finally
        {
            Pause(members == 1 || Barrier.IsBroken);
            WaitUntilLeft();
        }
    }

    // On a machine whose processors are busy with other work, gangs wait more than they save.
    private static void Pause(bool failed)
    {
        s_pause = failed ? Math.Clamp(2 * s_pause, ShortestPause, LongestPause) : 0;
        Volatile.Write(ref s_pausedUntil, failed ? Stopwatch.GetTimestamp() + s_pause : 0);
    }

    private static int InitialCount() =>
        int.TryParse(Environment.GetEnvironmentVariable(EnvironmentVariable), out int count) && count > 0
            ? count
            : Environment.ProcessorCount;

    private static void Open(delegate*<void*, int, void> job, void* state, int helpers)
    {
        PoolThread[] pool = s_pool.Length >= helpers ? s_pool : Grow(helpers);
        s_error = null;
        Shared->Job = job;
        Shared->Argument = state;
        Shared->Helpers = helpers;
        Volatile.Write(ref Shared->Gate, 1);
        Interlocked.Increment(ref Shared->Epoch);
        for (int i = 0; i < helpers; i++)
        {
            pool[i].Wake();
        }
    }

    private static void Close()
    {
        Interlocked.Decrement(ref Shared->Gate);
        WaitUntilLeft();
    }

    private static void WaitUntilLeft()
    {
        for (int spins = 0; Volatile.Read(ref Shared->Gate) != 0; spins++)
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

        Exception? error = s_error;
        Volatile.Write(ref s_owned, 0);
        if (error is not null)
        {
            ExceptionDispatchInfo.Throw(error);
        }
    }

    /// <summary>Enters the open job, if there is one that wants this thread, and works on it.</summary>
    internal static void Help(int index)
    {
        int gate = Volatile.Read(ref Shared->Gate);
        while ((gate & 1) != 0)
        {
            int seen = Interlocked.CompareExchange(ref Shared->Gate, gate + 2, gate);
            if (seen == gate)
            {
                Work(index);
                return;
            }

            gate = seen;
        }
    }

    private static void Work(int index)
    {
        try
        {
            if (index < Shared->Helpers)
            {
                Shared->Job(Shared->Argument, index + 1);
            }
        }
        catch (Exception error)
        {
            s_error = error;
        }

        Interlocked.Add(ref Shared->Gate, -2);
    }

    private static PoolThread[] Grow(int helpers)
    {
        lock (PoolLock)
        {
            PoolThread[] pool = s_pool;
            int had = pool.Length;
            Array.Resize(ref pool, helpers);
            for (int i = had; i < helpers; i++)
            {
                pool[i] = new PoolThread(i, Shared);
            }

            return s_pool = pool;
        }
    }

    private struct Parts<TBody>
        where TBody : struct, IParallelBody
    {
        public TBody Body;

        public static void Take(void* state, int slot)
        {
            ref Parts<TBody> job = ref Unsafe.AsRef<Parts<TBody>>(state);
            PartRuns runs = s_runs;
            for (int i = 0; i < runs.Count; i++)
            {
                while (runs.TryTake((slot + i) % runs.Count, out int part))
                {
                    job.Body.Run(part, slot);
                }
            }
        }
    }

    private struct Gathering<TBody>
        where TBody : struct, IGangBody
    {
        public TBody Body;

        public static void Join(void* state, int slot)
        {
            int member = Interlocked.Increment(ref Shared->NextMember);
            if (member > TooLate)
            {
                return;
            }

            int members;
            while ((members = Volatile.Read(ref Shared->Members)) == 0)
            {
                Thread.SpinWait(1);
            }

            Unsafe.AsRef<Gathering<TBody>>(state).Body.Run(member, members, Barrier);
        }
    }
}
