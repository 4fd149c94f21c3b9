using KerasCompat.Testing;
using static KerasCompat.Runtime.Tests.OpenCl.DeviceGraphs;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>The device's operators give the CPU executor's numbers, each on the device.</summary>
[Collection("OpenCL")]
public class OperatorTests
{
    [OpenClTheory]
    [MemberData(nameof(Kernels), MemberType = typeof(DeviceGraphs))]
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
    [MemberData(nameof(Kernels), MemberType = typeof(DeviceGraphs))]
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

    [OpenClTheory]
    [MemberData(nameof(Kernels), MemberType = typeof(DeviceGraphs))]
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
}
