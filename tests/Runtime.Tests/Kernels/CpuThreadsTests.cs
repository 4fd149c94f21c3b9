namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

[Collection(KernelCollection.Name)]
public sealed class CpuThreadsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void EveryPartRunsOnce(int threads)
    {
        using ThreadCount _ = new(threads);
        for (int round = 0; round < 200; round++)
        {
            int[] runs = new int[round];
            CpuThreads.For(runs.Length, new CountRuns { Runs = runs });
            Assert.All(runs, count => Assert.Equal(1, count));
        }
    }

    [Fact]
    public void ManyCallersAtOnceAndNestedCallsAllFinish()
    {
        using ThreadCount _ = new(4);
        Parallel.For(0, 2000, i =>
        {
            int[] runs = new int[16];
            CpuThreads.For(4, new Nested { Runs = runs });
            Assert.All(runs, count => Assert.Equal(1, count));
        });
    }

    [Fact]
    public void AGangMeetsAtItsBarrier()
    {
        using ThreadCount _ = new(3);
        for (int round = 0; round < 200; round++)
        {
            int[] steps = new int[3];
            int[] failures = new int[1];
            CpuThreads.Gang(3, new Steps { Done = steps, Failures = failures });
            Assert.Equal(0, failures[0]);
            Assert.Equal(50, steps[0]);
        }
    }

    [Fact]
    public void AnExceptionReachesTheCallerAndThePoolGoesOn()
    {
        using ThreadCount _ = new(2);
        for (int round = 0; round < 20; round++)
        {
            Assert.Throws<InvalidOperationException>(() => CpuThreads.For(8, default(Throws)));
        }

        int[] runs = new int[8];
        CpuThreads.For(8, new CountRuns { Runs = runs });
        Assert.All(runs, count => Assert.Equal(1, count));
    }

    [Fact]
    public void ACallAllocatesNothing()
    {
        using ThreadCount _ = new(2);
        CountRuns body = new() { Runs = new int[64] };
        CpuThreads.For(64, body);
        long before = GC.GetAllocatedBytesForCurrentThread();
        CpuThreads.For(64, body);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private struct CountRuns : IParallelBody
    {
        public int[] Runs;

        public void Run(int part, int slot) => Interlocked.Increment(ref Runs[part]);
    }

    private struct Nested : IParallelBody
    {
        public int[] Runs;

        public void Run(int part, int slot) => CpuThreads.For(4, new Inner { Runs = Runs, Offset = 4 * part });
    }

    private struct Inner : IParallelBody
    {
        public int[] Runs;
        public int Offset;

        public void Run(int part, int slot) => Interlocked.Increment(ref Runs[Offset + part]);
    }

    private struct Throws : IParallelBody
    {
        public void Run(int part, int slot) => throw new InvalidOperationException();
    }

    private struct Steps : IGangBody
    {
        public int[] Done;
        public int[] Failures;

        public void Run(int member, int members, SpinBarrier barrier)
        {
            for (int step = 0; step < 50; step++)
            {
                Done[member]++;
                if (!Meet(member, ref members, barrier))
                {
                    return;
                }

                for (int other = 0; other < members; other++)
                {
                    if (Done[other] != step + 1)
                    {
                        Failures[0]++;
                    }
                }

                if (!Meet(member, ref members, barrier))
                {
                    return;
                }
            }
        }

        private static bool Meet(int member, ref int members, SpinBarrier barrier)
        {
            if (members > 1)
            {
                barrier.SignalAndWait();
                members = barrier.IsBroken ? 1 : members;
                return member == 0 || members > 1;
            }

            return true;
        }
    }
}
