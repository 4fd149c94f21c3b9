using System.Runtime.InteropServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The parts of a job, dealt out in runs of neighbours: each thread has a run, and may take from the others' when it has done its own.
/// </summary>
/// <remarks>
/// Kernels number their parts in the order of their tensors. So where nobody is late, a thread reads what it wrote itself in the step
/// before, which is still in its own cache, and no two threads count on the same cache line.
/// </remarks>
internal unsafe struct PartRuns
{
    private Run* _runs;
    private int _capacity;

    /// <summary>How many runs the last job has.</summary>
    public int Count { get; private set; }

    /// <summary>Deals out parts 0 to <paramref name="parts"/> − 1. Nobody may be taking any.</summary>
    public void Deal(int parts, int runs)
    {
        if (runs > _capacity)
        {
            NativeMemory.AlignedFree(_runs);
            _runs = (Run*)NativeMemory.AlignedAlloc((nuint)(runs * sizeof(Run)), PoolState.Apart);
            _capacity = runs;
        }

        Count = runs;
        for (int i = 0; i < runs; i++)
        {
            _runs[i] = new Run { Next = (long)parts * i / runs, End = (long)parts * (i + 1) / runs };
        }
    }

    /// <summary>Takes the next part of a run, if there is one left.</summary>
    public readonly bool TryTake(int run, out int part)
    {
        Run* taken = _runs + run;
        long next = Volatile.Read(ref taken->Next) < taken->End ? Interlocked.Increment(ref taken->Next) - 1 : taken->End;
        part = (int)next;
        return next < taken->End;
    }

    [StructLayout(LayoutKind.Sequential, Size = PoolState.Apart)]
    private struct Run
    {
        public long Next;
        public long End;
    }
}
