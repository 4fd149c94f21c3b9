using System.Diagnostics;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;
using static KerasCompat.Runtime.Tests.OpenCl.DeviceGraphs;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>What a device promises besides its numbers: copies, memory, threads, errors that name what is wrong.</summary>
[Collection("OpenCL")]
public class OpenClExecutableTests
{
    [OpenClFact]
    public void NamesAnIndexOutsideItsTableAndGoesOn()
    {
        Graph graph = Build([Tensor.From([0L, 0], 2)], (g, x) => g.Apply(new Gather(0), Weight(g, 1, 4, 3), x[0]));
        using var executable = new OpenClExecutable(graph, Context(true));
        var e = Assert.Throws<ArgumentOutOfRangeException>(() => executable.Run([Tensor.From([1L, 4], 2)]));
        Assert.Contains("Index 4 is outside 0 to 3", e.Message);
        Assert.Equal(Random(1, 4, 3).Rows(3, 1).ToArray(), executable.Run([Tensor.From([-1L, 0], 2)])[0].Rows(0, 1).As<float>().ToArray());
    }

    [OpenClFact]
    public void AStatefulStepCopiesItsInputAndOutputAlone()
    {
        const int units = 8;
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(1, 1, 3));
        StateVariable h = new("h", DType.Float32, new SymbolicShape(1, units)), c = new("c", DType.Float32, new SymbolicShape(1, units));
        RecurrentResult net = g.LSTM(new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() }, x, Weight(g, 1, 3, 4 * units), Weight(g, 2, units, 4 * units), null, null, [g.ReadState(h), g.ReadState(c)]);
        g.WriteState(h, net.States[0]);
        g.WriteState(c, net.States[1]);
        Graph graph = g.Build([net.Output]);
        using var executable = new OpenClExecutable(graph, Context(true));
        var onCpu = new CpuExecutable(graph);
        StateTensors states = new(), expected = new();
        for (int step = 0; step < 20; step++)
        {
            Tensor<float> input = Random(step, 1, 1, 3);
            AssertClose(onCpu.Run([input], expected)[0], executable.Run([input], states)[0]);
        }

        Assert.Equal((20, 20 * 3 * sizeof(float)), (executable.Counters.Uploads, executable.Counters.UploadedBytes));
        Assert.Equal((20, 20 * units * sizeof(float)), (executable.Counters.Downloads, executable.Counters.DownloadedBytes));
        AssertClose(expected[c], states[c]);
    }

    [OpenClFact]
    public void FourThreadsGetTheSameNumbers()
    {
        Tensor<float> input = Random(1, 4, 40);
        Graph graph = Build([input], (g, x) => g.Softmax(g.MatMul(g.Tanh(g.MatMul(x[0], Weight(g, 2, 40, 64))), Weight(g, 3, 64, 10)), -1));
        using var executable = new OpenClExecutable(graph, Context(true));
        float[] expected = executable.Run([input])[0].As<float>().ToArray();
        Parallel.For(0, 4, new ParallelOptions { MaxDegreeOfParallelism = 4 }, _ =>
        {
            for (int i = 0; i < 50; i++)
            {
                Assert.Equal(expected, executable.Run([input])[0].As<float>().ToArray());
            }
        });
    }

    [OpenClFact]
    public void AThousandLoadsLeaveNoMemoryBehind()
    {
        Tensor<float> input = Random(1, 4, 256);
        Graph graph = Build([input], (g, x) => g.MatMul(g.Tanh(g.MatMul(x[0], Weight(g, 2, 256, 256))), Weight(g, 3, 256, 10)));
        OpenClContext context = Context(true);
        LoadAndRun(100);
        long device = context.BytesInUse, host = HostBytes();
        LoadAndRun(1000);
        Assert.Equal(device, context.BytesInUse);

        // The weights alone, left behind a thousand times, would be 270 MB.
        Assert.InRange(HostBytes() - host, long.MinValue, 60L << 20);

        void LoadAndRun(int times)
        {
            for (int i = 0; i < times; i++)
            {
                using var executable = new OpenClExecutable(graph, context);
                executable.Run([input]);
            }
        }

        static long HostBytes()
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            GC.Collect();
            using var process = Process.GetCurrentProcess();
            return process.WorkingSet64;
        }
    }

    [OpenClFact]
    public void AModelLargerThanTheDeviceNamesBothSizes()
    {
        Graph graph = Build([Random(1, 1, 64)], (g, x) => g.MatMul(x[0], g.Weight(Stored(2, 64, 64))));
        OpenClDevice device = OpenClDevice.Devices[0];
        OpenClContext small = device.NewContext(device.Properties with { MemoryBytes = 1000 });
        var e = Assert.Throws<ResourceLimitException>(() => new OpenClExecutable(graph, small));
        Assert.Contains($"{64 * 64 * sizeof(float):N0}", e.Message);
        Assert.Contains($"{1000:N0}", e.Message);
    }

    [Fact]
    public void AnUnknownDeviceIsNamed()
    {
        Assert.Contains("opencl:99", Assert.Throws<UnsupportedModelException>(() => Device.OpenCl(99)).Message);
        Assert.Equal("cpu", Device.List()[0].Name);
        Assert.Equal(OpenClDevice.Devices.Any(d => d.Properties.IsGpu), Device.Auto != Device.Cpu);
    }
}
