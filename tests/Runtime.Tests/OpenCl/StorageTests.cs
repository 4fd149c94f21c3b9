using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;
using static KerasCompat.Runtime.Tests.OpenCl.DeviceGraphs;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>Weights kept as float16: rounded, as they were asked to be, and nothing else.</summary>
[Collection("OpenCL")]
public class StorageTests
{
    /// <summary>Half a unit in the last place of float16, as a part of the number.</summary>
    private const float Rounding = 1f / 2048;

    private static readonly OpenClOptions Halves = new() { Storage = DType.Float16 };

    /// <summary>Nets of one input whose rounded weights come by a function, with the shape of that input and, for those that are linear in them, a bound.</summary>
    private static readonly (int[] Shape, bool IsLinear, Func<GraphBuilder, Value, Func<int, int[], Value>, Value> Build)[] Nets =
    [
        ([3, 40], true, (g, x, w) => g.MatMul(x, w(2, [40, 33]))),
        ([1, 40], true, (g, x, w) => g.MatMul(x, w(2, [40, 7]))),
        ([9, 40], false, (g, x, w) => g.Relu(g.Add(g.MatMul(x, w(2, [40, 33])), Weight(g, 3, 33)))),
        ([2, 9, 8, 6], true, (g, x, w) => g.Apply(new Conv([2, 1], [1, 1], Padding.Same, 2), x, w(2, [3, 3, 3, 10]))),
        ([1, 5, 4, 3], true, (g, x, w) => g.Apply(new ConvTranspose([2, 3], [1, 1], [1, 0], [0, 1]), x, w(2, [3, 4, 6, 3]))),
        ([5], true, (g, x, w) => g.Apply(new Gather(0), w(2, [11, 19]), g.Cast(g.Add(g.Mul(x, 4), 5), DType.Int64))),
        ([3, 7, 5], false, (g, x, w) => Net(g, new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid(), ReturnSequences = true }, x, w)),
        ([3, 7, 5], false, (g, x, w) => Net(g, new GRU { Activation = new Tanh(), RecurrentActivation = new HardSigmoid(0.2), ResetAfter = true }, x, w)),
        ([3, 7, 5], false, (g, x, w) => Net(g, new GRU { Activation = new Tanh(), RecurrentActivation = new Sigmoid(), ResetAfter = false }, x, w)),
        ([3, 7, 5], false, (g, x, w) => Net(g, new SimpleRNN { Activation = new Tanh() }, x, w)),
        ([1, 4, 5], false, (g, x, w) => Net(g, new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() }, x, w, units: 520)),
        ([3, 7], false, (g, x, w) => Net(g, new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() }, g.Apply(new Gather(0), w(2, [11, 5]), g.Cast(g.Add(g.Mul(x, 4), 5), DType.Int64)), w)),
    ];

    public static TheoryData<int, bool> Cases()
    {
        var cases = new TheoryData<int, bool>();
        for (int net = 0; net < Nets.Length; net++)
        {
            cases.Add(net, true);
            cases.Add(net, false);
        }

        return cases;
    }

    /// <summary>The device gives what the CPU gives for rounded weights, to the tolerance of float32: sums and all else are float32.</summary>
    [OpenClTheory]
    [MemberData(nameof(Cases))]
    public void WeightsAreRoundedAndNothingElse(int net, bool cpuKernels)
    {
        (int[] shape, bool isLinear, Func<GraphBuilder, Value, Func<int, int[], Value>, Value> build) = Nets[net];
        Tensor<float> input = Random(1, shape);
        float[] got = OnDevice(cpuKernels, input, (g, x) => build(g, x, (seed, dims) => Weight(g, seed, dims)), out Tensor computed);
        AssertClose(OnCpu(input, (g, x) => build(g, x, (seed, dims) => g.Constant(Random(seed, dims).Cast(DType.Float16).Cast(DType.Float32)))), computed);

        float[] exact = OnCpu(input, (g, x) => build(g, x, (seed, dims) => Weight(g, seed, dims))).As<float>().ToArray();
        Assert.NotEqual(exact, got);
        float[] magnitudes = isLinear && shape.Length > 1
            ? OnCpu(Magnitudes(input), (g, x) => build(g, x, (seed, dims) => g.Constant(Magnitudes(Random(seed, dims))))).As<float>().ToArray()
            : exact.Select(Math.Abs).ToArray();
        for (int i = 0; i < got.Length; i++)
        {
            // What docs/gpu.md states.
            float allowed = isLinear ? (Rounding * magnitudes[i]) + (1e-4f * (1 + Math.Abs(exact[i]))) : 5e-3f * (1 + Math.Abs(exact[i]));
            Assert.InRange(got[i], exact[i] - allowed, exact[i] + allowed);
        }
    }

    [OpenClFact]
    public void HalfTheMemoryIsHeld()
    {
        Tensor<float> input = Random(1, 1, 512);
        Graph graph = Build([input], (g, x) => g.MatMul(g.Relu(g.MatMul(x[0], Weight(g, 2, 512, 512))), Weight(g, 3, 512, 512)));
        long whole = Held(new OpenClOptions()), half = Held(Halves);
        Assert.Equal(2 * 512 * 512 * 2, whole - half);

        long Held(OpenClOptions options)
        {
            OpenClContext context = Context(true);
            long before = context.BytesInUse;
            using var executable = new OpenClExecutable(graph, context, options);
            executable.Run([input]);
            return context.BytesInUse - before;
        }
    }

    /// <summary>A model's own float16 weights lose nothing by being kept so.</summary>
    [OpenClTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Float16WeightsAreKeptAsTheyAre(bool cpuKernels)
    {
        Tensor<float> input = Random(1, 4, 40);
        float[] Run(OpenClOptions options)
        {
            Graph graph = Build([input], (g, x) => g.Cast(g.MatMul(g.Cast(x[0], DType.Float16), g.Constant(Random(2, 40, 24).Cast(DType.Float16))), DType.Float32));
            using var executable = new OpenClExecutable(graph, Context(cpuKernels), options);
            AssertClose(new CpuExecutable(graph).Run([input])[0], executable.Run([input])[0]);
            return executable.Run([input])[0].As<float>().ToArray();
        }

        Assert.Equal(Run(new OpenClOptions()), Run(Halves));
    }

    [OpenClFact]
    public void AWeightBeyondFloat16IsRefused()
    {
        Tensor<float> input = Random(1, 2, 3), weights = Random(2, 3, 4);
        weights.Span[5] = 70000;
        using IExecutable executable = Device.OpenCl(0, Halves).Prepare(Build([input], (g, x) => g.MatMul(x[0], g.Constant(weights))));
        var e = Assert.Throws<UnsupportedModelException>(() => executable.Run([input]));
        Assert.Contains("a weight of 70000; expected at most 65,504", e.Message, StringComparison.Ordinal);
    }

    [OpenClFact]
    public void NoOtherTypeIsTaken()
    {
        var e = Assert.Throws<ArgumentException>(() => Device.OpenCl(0, new OpenClOptions { Storage = DType.BFloat16 }));
        Assert.Contains("not as bfloat16", e.Message, StringComparison.Ordinal);
        Assert.Equal("opencl:0 float16", Device.OpenCl(0, Halves).Name);
        Assert.Equal("opencl:0", Device.OpenCl(0, new OpenClOptions()).Name);
    }

    private static Value Net(GraphBuilder g, RecurrentOp op, Value x, Func<int, int[], Value> weight, int units = 19)
    {
        int biases = op is GRU { ResetAfter: true } ? 2 : 1, width = units * op.Gates;
        return g.ApplyAll(op, [x, weight(4, [5, width]), weight(5, [units, width]), Weight(g, 6, biases * width), null, .. Enumerable.Repeat<Value?>(null, op.StateCount)])[0];
    }

    private static float[] OnDevice(bool cpuKernels, Tensor<float> input, Func<GraphBuilder, Value, Value> build, out Tensor computed)
    {
        using var executable = new OpenClExecutable(Build([input], (g, x) => build(g, x[0])), Context(cpuKernels), Halves);
        computed = executable.Run([input])[0];
        Assert.Empty(executable.Counters.HostOpsByName);
        return computed.As<float>().ToArray();
    }

    private static Tensor OnCpu(Tensor<float> input, Func<GraphBuilder, Value, Value> build) => new CpuExecutable(Build([input], (g, x) => build(g, x[0]))).Run([input])[0];

    private static Tensor<float> Magnitudes(Tensor<float> tensor) => new(tensor.ToArray().Select(Math.Abs).ToArray(), tensor.Shape);
}
