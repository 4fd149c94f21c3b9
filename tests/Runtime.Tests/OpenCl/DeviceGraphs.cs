using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>Graphs of a few operators, run on the device with the kernels of a CPU or a GPU and compared with the CPU executor.</summary>
internal static class DeviceGraphs
{
    private const float Tolerance = 1e-4f;

    /// <summary>Whether the device's kernels are those of a CPU or those of a GPU; both run on either.</summary>
    public static TheoryData<bool> Kernels() => [true, false];

    public static OpenClContext Context(bool cpuKernels, int? computeUnits = null)
    {
        OpenClDevice device = OpenClDevice.Devices[0];
        DeviceProperties properties = device.Properties with { IsCpu = cpuKernels, ComputeUnits = computeUnits ?? device.Properties.ComputeUnits };
        return device.Properties == properties ? device.Context : device.NewContext(properties);
    }

    public static void AssertSame(bool cpuKernels, Tensor<float>[] inputs, Func<GraphBuilder, Value[], Value> build) => AssertSame(Context(cpuKernels), inputs, build);

    public static void AssertSame(OpenClContext context, Tensor<float>[] inputs, Func<GraphBuilder, Value[], Value> build)
    {
        Graph graph = Build(inputs, build);
        using var executable = new OpenClExecutable(graph, context);
        AssertClose(new CpuExecutable(graph).Run(inputs)[0], executable.Run(inputs)[0]);
        Assert.Empty(executable.Counters.HostOpsByName);
    }

    public static void AssertClose(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.Shape, found.Shape);
        foreach ((float want, float got) in expected.As<float>().ToArray().Zip(found.As<float>().ToArray()))
        {
            Assert.InRange(got, want - Tolerance - (Tolerance * Math.Abs(want)), want + Tolerance + (Tolerance * Math.Abs(want)));
        }
    }

    public static Graph Build(IReadOnlyList<Tensor> inputs, Func<GraphBuilder, Value[], Value> build)
    {
        var g = new GraphBuilder();
        Value[] values = [.. inputs.Select((t, i) => g.Input($"x{i}", t.DType, t.Shape))];
        return g.Build(values, [build(g, values)]);
    }

    public static Value Weight(GraphBuilder g, int seed, params ReadOnlySpan<int> shape) => g.Constant(Random(seed, shape));

    public static Weight Stored(int seed, params ReadOnlySpan<int> shape) => new("kernel", DType.Float32, new Shape(shape)) { Value = Random(seed, shape) };

    public static Tensor<float> Random(int seed, params ReadOnlySpan<int> shape)
    {
        var random = new Random(seed);
        Tensor<float> tensor = Tensor.Zeros(DType.Float32, new Shape(shape)).As<float>();
        foreach (ref float value in tensor.Span)
        {
            value = (random.NextSingle() * 2) - 1;
        }

        return tensor;
    }
}
