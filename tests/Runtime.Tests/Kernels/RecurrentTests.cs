namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

[Collection(KernelCollection.Name)]
public sealed unsafe class RecurrentTests
{
    private static readonly GateFunction[] GateFunctions =
    [
        ActivationKind.Sigmoid,
        Activation.HardSigmoidKeras2,
        Activation.HardSigmoidKeras3,
        new GateFunction(default, values =>
        {
            for (int i = 0; i < values.Length; i++)
            {
                values[i] = values[i] / (2 + Math.Abs(values[i]));
            }
        }),
    ];

    public static TheoryData<string> Sets => UseKernels.AllSets;

    [Theory]
    [MemberData(nameof(Sets))]
    public void LayersMatchTheirDefinition(string set)
    {
        using UseKernels _ = new(set);
        int seed = 0;
        foreach (RecurrentKind kind in Enum.GetValues<RecurrentKind>())
        {
            foreach ((int batch, int time, int inputs, int units) in ((int, int, int, int)[])
                [(1, 1, 3, 5), (1, 9, 4, 33), (2, 7, 20, 16), (5, 6, 3, 20), (13, 5, 8, 49), (60, 3, 2, 17), (0, 3, 2, 4), (2, 0, 2, 4)])
            {
                foreach (int threads in (int[])[1, 2, 3])
                {
                    using ThreadCount __ = new(threads);
                    RecurrentCase test = new(kind, batch, time, inputs, units, seed++);
                    test.Check(GateFunctions[seed % GateFunctions.Length]);
                }
            }
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(40)]
    public void TheThreadCountDoesNotChangeABit(int batch)
    {
        foreach (RecurrentKind kind in Enum.GetValues<RecurrentKind>())
        {
            float[]? first = null;
            foreach (int threads in (int[])[1, 2, 3, 5])
            {
                using ThreadCount _ = new(threads);
                RecurrentCase test = new(kind, batch, 21, 12, 330, 7);
                float[] y = test.Run(ActivationKind.Sigmoid).Y;
                first ??= y;
                Assert.Equal(first, y);
            }
        }
    }

    /// <summary>A member that comes late breaks the barrier: the first goes on alone, and the other must leave without another step.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public void AGangWithALateMemberGivesTheSameBits(int late)
    {
        foreach (RecurrentKind kind in Enum.GetValues<RecurrentKind>())
        {
            RecurrentCase test = new(kind, 1, 40, 12, 330, 7);
            float[] expected;
            using (new ThreadCount(1))
            {
                expected = test.Run(ActivationKind.Sigmoid).Y;
            }

            Assert.Equal(expected, test.Run(ActivationKind.Sigmoid, late: late).Y);
        }
    }

    /// <summary>More runnable threads than processors: barriers break at any meeting, and gangs come and go.</summary>
    [Fact]
    public void GangsOnABusyMachineGiveTheSameBits()
    {
        RecurrentCase[] tests = [.. Enum.GetValues<RecurrentKind>().Select(kind => new RecurrentCase(kind, 1, 30, 12, 330, 7))];
        float[][] expected;
        using (new ThreadCount(1))
        {
            expected = [.. tests.Select(test => test.Run(ActivationKind.Sigmoid).Y)];
        }

        using ThreadCount _ = new(3);
        using CancellationTokenSource stop = new();
        Thread[] busy = [.. Enumerable.Range(0, 2 * Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Thread.SpinWait(1000);
            }
        }))];
        Array.ForEach(busy, thread => thread.Start());
        try
        {
            for (int round = 0; round < 40; round++)
            {
                int i = round % tests.Length;
                Assert.Equal(expected[i], tests[i].Run(ActivationKind.Sigmoid).Y);
            }
        }
        finally
        {
            stop.Cancel();
            Array.ForEach(busy, thread => thread.Join());
        }
    }

    [Fact]
    public void ARunAllocatesNothing()
    {
        RecurrentCase test = new(RecurrentKind.Lstm, 2, 30, 8, 32, 7);
        Assert.Equal(0, test.AllocatedBytes());
    }
}
