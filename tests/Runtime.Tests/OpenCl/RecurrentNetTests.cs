using System.Numerics.Tensors;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;
using static KerasCompat.Runtime.Tests.OpenCl.DeviceGraphs;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>Recurrent nets give the CPU executor's numbers on the device, whichever kernel their size chooses.</summary>
[Collection("OpenCL")]
public class RecurrentNetTests
{
    private static readonly RecurrentOp[] Nets =
    [
        new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() }, new SimpleRNN { Activation = new Tanh() },
        new GRU { Activation = new Tanh(), RecurrentActivation = new HardSigmoid(0.2) }, new GRU { Activation = new Relu(), RecurrentActivation = new Sigmoid(), ResetAfter = false },
    ];

    [OpenClTheory]
    [MemberData(nameof(Kernels), MemberType = typeof(DeviceGraphs))]
    public void RunsRecurrentNets(bool cpuKernels)
    {
        bool[] both = [true, false];
        foreach (RecurrentOp op in
            from net in Nets
            from sequences in both
            from zeros in both
            from backwards in both
            select net with { ReturnSequences = sequences, ZeroOutputForMask = zeros, GoBackwards = backwards, ReverseOutput = backwards && sequences })
        {
            AssertSameNet(Context(cpuKernels), op, batch: 3, units: 19);
        }
    }

    /// <summary>Rows that share a group's weights, or a vector tile's, under masks of all kinds: an item of a CPU has 15 of these, a group of a GPU 4.</summary>
    [OpenClTheory]
    [MemberData(nameof(Kernels), MemberType = typeof(DeviceGraphs))]
    public void RunsRecurrentNetsOfManyRows(bool cpuKernels)
    {
        foreach (RecurrentOp net in Nets)
        {
            AssertSameNet(Context(cpuKernels, 2), net with { ReturnSequences = net is GRU }, batch: 30, units: 33);
        }
    }

    /// <summary>So many weights that each step is a launch of its own; a GRU that resets before its product stays one kernel.</summary>
    [OpenClTheory]
    [MemberData(nameof(Kernels), MemberType = typeof(DeviceGraphs))]
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
    [MemberData(nameof(Kernels), MemberType = typeof(DeviceGraphs))]
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
}
