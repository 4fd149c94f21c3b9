using System.Diagnostics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>The device gives the CPU executor's numbers, and keeps what it promises of memory and copies.</summary>
[Collection("OpenCL")]
public class OpenClExecutableTests
{
    private const float Tolerance = 1e-4f;

    /// <summary>Whether the device's kernels are those of a CPU or those of a GPU; both run on either.</summary>
    public static TheoryData<bool> Kernels() => [true, false];

    [OpenClTheory]
    [MemberData(nameof(Kernels))]
    public void Multiplies(bool cpuKernels)
    {
        foreach ((int rows, int inner, int columns) in new[] { (1, 37, 5), (2, 64, 16), (5, 33, 40), (70, 129, 100), (0, 3, 4) })
        {
            AssertSame(cpuKernels, [Random(1, rows, inner)], (g, x) => g.Relu(g.Add(g.MatMul(x[0], Weight(g, 2, inner, columns)), Weight(g, 3, columns))));
            AssertSame(cpuKernels, [Random(1, 3, rows, inner), Random(4, 3, inner, columns)], (g, x) => g.MatMul(x[0], x[1]));
        }

        AssertSame(cpuKernels, [Random(1, 2, 9, 4, 8), Random(2, 2, 9, 4, 8)], (g, x) =>
            g.MatMul(g.Transpose(x[0], [0, 2, 1, 3]), g.Transpose(x[1], [0, 2, 3, 1])));
    }

    [OpenClTheory]
    [MemberData(nameof(Kernels))]
    public void Convolves(bool cpuKernels)
    {
        foreach (Padding padding in new[] { Padding.Valid, Padding.Same })
        {
            AssertSame(cpuKernels, [Random(1, 2, 13, 11, 6)], (g, x) => g.Apply(new Conv([2, 1], [1, 1], padding, 2), x[0], Weight(g, 2, 3, 3, 3, 10), Weight(g, 3, 10)));
            AssertSame(cpuKernels, [Random(1, 1, 17, 4)], (g, x) => g.Apply(new Conv([1], [3], padding), x[0], Weight(g, 2, 4, 4, 33)));
            AssertSame(cpuKernels, [Random(1, 2, 9, 8, 5)], (g, x) => g.Apply(new DepthwiseConv([1, 2], [1, 1], padding), x[0], Weight(g, 2, 3, 2, 5, 2), Weight(g, 3, 10)));
            AssertSame(cpuKernels, [Random(1, 2, 9, 8, 5)], (g, x) => g.Apply(new MaxPool([2, 3], [2, 1], padding), x[0]));
            AssertSame(cpuKernels, [Random(1, 2, 9, 8, 5)], (g, x) => g.Apply(new AveragePool([2, 3], [2, 1], padding, false), x[0]));
        }

        AssertSame(cpuKernels, [Random(1, 2, 5, 4, 3)], (g, x) => g.Apply(new ConvTranspose([2, 3], [1, 1], [1, 0], [0, 1]), x[0], Weight(g, 2, 3, 4, 6, 3), Weight(g, 3, 6)));
    }

    private static readonly RecurrentOp[] Nets =
    [
        new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() }, new SimpleRNN { Activation = new Tanh() },
        new GRU { Activation = new Tanh(), RecurrentActivation = new HardSigmoid(0.2) }, new GRU { Activation = new Relu(), RecurrentActivation = new Sigmoid(), ResetAfter = false },
    ];

    [OpenClTheory]
    [MemberData(nameof(Kernels))]
    public void RunsRecurrentNets(bool cpuKernels)
    {
        foreach (bool sequences in new[] { true, false })
        {
            foreach (bool zeros in new[] { true, false })
            {
                foreach (bool backwards in new[] { true, false })
                {
                    foreach (RecurrentOp net in Nets)
                    {
                        RecurrentOp op = net with { ReturnSequences = sequences, ZeroOutputForMask = zeros, GoBackwards = backwards, ReverseOutput = backwards && sequences };
                        AssertSameNet(Context(cpuKernels), op, batch: 3, units: 19);
                    }
                }
            }
        }
    }

    /// <summary>Rows that share a group's weights, or a vector tile's, under masks of all kinds: an item of a CPU has 15 of these, a group of a GPU 4.</summary>
    [OpenClTheory]
    [MemberData(nameof(Kernels))]
    public void RunsRecurrentNetsOfManyRows(bool cpuKernels)
    {
        foreach (RecurrentOp net in Nets)
        {
            AssertSameNet(Context(cpuKernels, 2), net with { ReturnSequences = net is GRU }, batch: 30, units: 33);
        }
    }

    /// <summary>So many weights that each step is a launch of its own; a GRU that resets before its product stays one kernel.</summary>
    [OpenClTheory]
    [MemberData(nameof(Kernels))]
    public void RunsLargeRecurrentNets(bool cpuKernels)
    {
        foreach (bool sequences in new[] { true, false })
        {
            AssertSameNet(Context(cpuKernels, 4), Nets[0] with { ReturnSequences = sequences, GoBackwards = true, ZeroOutputForMask = sequences }, batch: 3, units: 515);
        }

        AssertSameNet(Context(cpuKernels, 4), Nets[1] with { ReturnSequences = true }, batch: 3, units: 1030);
        AssertSameNet(Context(cpuKernels, 4), Nets[2], batch: 3, units: 600);
        AssertSameNet(Context(cpuKernels, 4), Nets[3], batch: 3, units: 600);
    }

    [OpenClTheory]
    [MemberData(nameof(Kernels))]
    public void RunsRecurrentNetsOverEmbeddings(bool cpuKernels)
    {
        const int units = 21, words = 9;
        foreach (RecurrentOp net in Nets)
        {
            Tensor<float>[] inputs = [Random(1, 4, 7), Random(2, 4, 7)];
            Func<GraphBuilder, Value[], Value> build = (g, x) => g.ApplyAll(
                net,
                [g.Apply(new Gather(0), Weight(g, 3, words, 5), g.Cast(g.Mul(x[0], words), net is LSTM ? DType.Int32 : DType.Int64)), Weight(g, 4, 5, units * net.Gates), Weight(g, 5, units, units * net.Gates), Weight(g, 6, Biases(net) * units), g.Greater(x[1], -0.3)])[0];
            AssertSame(cpuKernels, inputs, build);
            using var executable = new OpenClExecutable(Build(inputs, build), Context(cpuKernels));
            Tensor<float> outside = Random(1, 4, 7);
            outside.Span[11] = -10;
            Assert.Contains("Index -90 is outside 0 to 8", Assert.Throws<ArgumentOutOfRangeException>(() => executable.Run([outside, inputs[1]])).Message);
        }
    }

    /// <summary>All outputs of a net over seven steps, some of them masked in each row, one row's all.</summary>
    private static void AssertSameNet(OpenClContext context, RecurrentOp op, int batch, int units)
    {
        const int features = 5, time = 7;
        Tensor<float> mask = Random(2, batch, time);
        mask.Span.Slice(time, time).Fill(-1);
        AssertSame(context, [Random(1, batch, time, features), mask, Random(3, batch, units)], (g, x) =>
        {
            IReadOnlyList<Value> outputs = g.ApplyAll(
                op,
                [x[0], Weight(g, 4, features, units * op.Gates), Small(g, 5, units, units * op.Gates), Weight(g, 6, Biases(op) * units), g.Greater(x[1], -0.3), .. Enumerable.Repeat(x[2], op.StateCount)]);
            return g.Concat([.. outputs.Select(o => g.Reshape(o, new SymbolicShape(1, o.Shape.ElementCount)))], 1);
        });

        // So that the sums of many units do not saturate every gate.
        static Value Small(GraphBuilder g, int seed, int rows, int columns)
        {
            Tensor<float> weights = Random(seed, rows, columns);
            TensorPrimitives.Multiply(weights.Span, 1 / MathF.Sqrt(rows), weights.Span);
            return g.Constant(weights);
        }
    }

    private static int Biases(RecurrentOp op) => op.Gates * (op is GRU { ResetAfter: true } ? 2 : 1);

    [OpenClTheory]
    [MemberData(nameof(Kernels))]
    public void ComputesElementsReductionsAndMovements(bool cpuKernels)
    {
        Func<GraphBuilder, Value[], Value>[] graphs =
        [
            (g, x) => g.Mul(g.Sigmoid(g.Add(x[0], x[1])), g.Sub(g.Exp(x[0]), 0.5)),
            (g, x) => g.Softmax(x[0], 1),
            (g, x) => g.Softmax(x[0], -1),
            (g, x) => g.Apply(new LayerNormalization([-1], 1e-3), x[0]),
            (g, x) => g.Apply(new GroupNormalization(2, -1, 1e-3), x[0]),
            (g, x) => g.Apply(new ReduceSum([0, 2], false), x[0]),
            (g, x) => g.Apply(new ReduceMax([1], true), x[0]),
            (g, x) => g.Apply(new ReduceMean([-1], false), x[0]),
            (g, x) => g.Apply(new CumSum(1, true, true), x[0]),
            (g, x) => g.Cast(g.Apply(new ArgMax(2, false), x[0]), DType.Float32),
            (g, x) => g.Cast(g.Gelu(g.Mul(g.Cast(x[0], DType.Float16), g.Cast(x[1], DType.Float16))), DType.Float32),
            (g, x) => g.Cast(g.Apply(new FloorDiv(), g.Cast(g.Mul(x[0], 9), DType.Int32), g.Cast(g.Mul(x[1], 3), DType.Int32)), DType.Float32),
            (g, x) => g.Transpose(x[0], [2, 0, 1]),
            (g, x) => g.Apply(new Concat(1), x[0], g.Apply(new Expand(new SymbolicShape(3, 2, 80)), x[1])),
            (g, x) => g.Apply(new Pad([0, 1, 2], [0, 2, 1], PadMode.Reflect), x[0]),
            (g, x) => g.Apply(new Pad([1, 2, 0, 0], [0, 1, 0, 0], PadMode.Constant), g.Reshape(x[0], new SymbolicShape(3, 6, 80, 1))),
            (g, x) => g.Apply(new Pad([1, 2, 3, 0], [0, 1, 1, 0], PadMode.Edge), g.Reshape(x[0], new SymbolicShape(3, 6, 80, 1))),
            (g, x) => g.Apply(new Roll(2, 7), x[0]),
            (g, x) => g.TopK(x[0], 5, 1).Values,
            (g, x) => g.Cast(g.ArgSort(g.Round(g.Mul(x[0], 3)), -1), DType.Float32),
            (g, x) => g.GatherND(x[0], g.Constant(Tensor.From([2L, 5, 0, -1, 1, 1], 3, 2))),
            (g, x) => g.Resize(g.Reshape(x[0], new SymbolicShape(3, 6, 20, 4)), 9, 7, Interpolation.Bicubic, antialias: true),
            (g, x) => g.Add(g.Full(new SymbolicShape(3, 6, 80), 0.25), x[0]),
            (g, x) => Running(g, x[0], x[1]),
            (g, x) => g.LogSoftmax(x[0], 1),
            (g, x) => g.Apply(new RMSNormalization([-1], 1e-3), x[0]),
            (g, x) => g.Apply(new ReduceLogSumExp([1], false), x[0]),
            (g, x) => g.Apply(new ReduceMin([0], false), x[0]),
            (g, x) => g.Cast(g.Apply(new ReduceMin([1], false), g.Cast(g.Mul(x[0], 100), DType.Int32)), DType.Float32),
            (g, x) => g.Cast(g.Apply(new ReduceAny([1], false), g.Greater(x[0], 0.6)), DType.Float32),
            (g, x) => g.Cast(g.Apply(new ReduceAll([2], false), g.Greater(x[0], -1)), DType.Float32),
            (g, x) => g.Apply(new ReduceMean([0], false), g.Reshape(g.Apply(new Concat(0), [.. Enumerable.Repeat(x[0], 120)]), new SymbolicShape(120 * 18, 80))),
            (g, x) => g.Apply(new ReduceSum([1], false), g.Reshape(x[0], new SymbolicShape(1, 3 * 6 * 80))),
            (g, x) => g.GatherElements(x[0], g.Cast(g.Mul(g.Abs(x[0]), 5), DType.Int64), 1),
            (g, x) => g.OneHot(g.Cast(g.Mul(x[0], 7), DType.Int64), 5, 1),
            (g, x) => g.Apply(new Gather(2), x[0], g.Cast(g.Mul(x[1], 79), DType.Int32)),
            (g, x) => g.Apply(new Trilu(true, 3), x[0]),
            (g, x) => g.Split(x[0], 2, new SymbolicShape(30, 50))[1],
            (g, x) => g.Resize(g.Reshape(x[0], new SymbolicShape(3, 6, 20, 4)), 9, 7, Interpolation.Nearest),
            (g, x) => g.AdaptivePool(g.Reshape(x[0], new SymbolicShape(3, 6, 20, 4)), [4, 7], PoolKind.Average),
            (g, x) => g.AdaptivePool(g.Reshape(x[0], new SymbolicShape(3, 6, 20, 4)), [4, 7], PoolKind.Max),
            (g, x) => g.Apply(new ExtractPatches([3, 2], [2, 1], [1, 2], Padding.Same), g.Reshape(x[0], new SymbolicShape(3, 6, 20, 4))),
            (g, x) => g.Apply(new Tanh(), g.Mul(g.Apply(new Exp(), g.Mul(x[0], 100)), g.Apply(new Erf(), x[1]))),
            (g, x) => g.Where(g.Less(x[0], x[1]), x[0], g.Abs(x[1])),
        ];
        foreach (Func<GraphBuilder, Value[], Value> graph in graphs)
        {
            AssertSame(cpuKernels, [Random(1, 3, 6, 80), Random(2, 80)], graph);
        }
    }

    /// <summary>A scan backwards: a running product with a value that every step sees.</summary>
    private static Value Running(GraphBuilder g, Value x, Value factors)
    {
        var body = new GraphBuilder();
        Value state = body.Input("state", DType.Float32, new SymbolicShape(3, 80)), slice = body.Input("slice", DType.Float32, new SymbolicShape(3, 80));
        Value whole = body.Input("whole", DType.Float32, new SymbolicShape(80)), next = body.Add(body.Mul(state, whole), slice);
        Graph step = body.Build([state, slice, whole], [next, body.MatMul(next, Weight(body, 5, 80, 40))]);
        ScanResult result = g.Scan(step, [g.Zeros(new SymbolicShape(3, 80))], [x], [factors], reverse: true);
        return g.Concat([g.MatMul(result.States[0], Weight(g, 6, 80, 40)), g.Apply(new ReduceSum([1], false), result.Outputs[0])], 0);
    }

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

    [Fact]
    public void CompiledKernelsAreKeptByDeviceAndSource()
    {
        using var folder = new TemporaryFolder();
        string directory = folder.File("kernels");
        var cache = new KernelCache("a device", directory);
        cache.Write("a kernel", () => [1, 2, 3]);
        Assert.Equal([1, 2, 3], new KernelCache("a device", directory).TryRead("a kernel"));
        Assert.Null(cache.TryRead("another kernel"));
        Assert.Null(new KernelCache("another device", directory).TryRead("a kernel"));
        Assert.Single(Directory.GetFiles(directory));
    }

    [OpenClFact]
    public void AnotherProcessFindsTheKernelsOfTheFirst()
    {
        using var folder = new TemporaryFolder();
        string directory = folder.File("kernels");
        Tensor<float> input = Random(1, 4, 40);
        Graph graph = Build([input], (g, x) => g.Softmax(g.MatMul(x[0], Weight(g, 2, 40, 10)), -1));
        float[] first = Run();
        DateTime[] written = Written();
        Assert.NotEmpty(written);
        Assert.Equal(first, Run());
        Assert.Equal(written, Written());

        // What a driver does not take is compiled again.
        foreach (string file in Directory.GetFiles(directory))
        {
            File.WriteAllText(file, "no kernel");
        }

        Assert.Equal(first, Run());
        Assert.All(Directory.GetFiles(directory), file => Assert.NotEqual("no kernel", File.ReadAllText(file)));

        float[] Run()
        {
            OpenClDevice device = OpenClDevice.Devices[0];
            using var executable = new OpenClExecutable(graph, device.NewContext(device.Properties, directory));
            return executable.Run([input])[0].As<float>().ToArray();
        }

        DateTime[] Written() => [.. Directory.GetFiles(directory).Order(StringComparer.Ordinal).Select(File.GetLastWriteTimeUtc)];
    }

    internal static OpenClContext Context(bool cpuKernels, int? computeUnits = null)
    {
        OpenClDevice device = OpenClDevice.Devices[0];
        DeviceProperties properties = device.Properties with { IsCpu = cpuKernels, ComputeUnits = computeUnits ?? device.Properties.ComputeUnits };
        return device.Properties == properties ? device.Context : device.NewContext(properties);
    }

    private static void AssertSame(bool cpuKernels, Tensor<float>[] inputs, Func<GraphBuilder, Value[], Value> build) => AssertSame(Context(cpuKernels), inputs, build);

    private static void AssertSame(OpenClContext context, Tensor<float>[] inputs, Func<GraphBuilder, Value[], Value> build)
    {
        Graph graph = Build(inputs, build);
        using var executable = new OpenClExecutable(graph, context);
        AssertClose(new CpuExecutable(graph).Run(inputs)[0], executable.Run(inputs)[0]);
        Assert.Empty(executable.Counters.HostOpsByName);
    }

    internal static void AssertClose(Tensor expected, Tensor found)
    {
        Assert.Equal(expected.Shape, found.Shape);
        foreach ((float want, float got) in expected.As<float>().ToArray().Zip(found.As<float>().ToArray()))
        {
            Assert.InRange(got, want - Tolerance - (Tolerance * Math.Abs(want)), want + Tolerance + (Tolerance * Math.Abs(want)));
        }
    }

    internal static Graph Build(IReadOnlyList<Tensor> inputs, Func<GraphBuilder, Value[], Value> build)
    {
        var g = new GraphBuilder();
        Value[] values = [.. inputs.Select((t, i) => g.Input($"x{i}", t.DType, t.Shape))];
        return g.Build(values, [build(g, values)]);
    }

    internal static Value Weight(GraphBuilder g, int seed, params ReadOnlySpan<int> shape) => g.Constant(Random(seed, shape));

    private static Weight Stored(int seed, params ReadOnlySpan<int> shape) => new("kernel", DType.Float32, new Shape(shape)) { Value = Random(seed, shape) };

    internal static Tensor<float> Random(int seed, params ReadOnlySpan<int> shape)
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
