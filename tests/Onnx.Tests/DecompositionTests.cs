using KerasCompat.OnnxRuntime;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Onnx.Tests;

/// <summary>Operators written with others, in ONNX Runtime, against this library's own executor.</summary>
public class DecompositionTests
{
    private const DType Double = DType.Float64;

    private static readonly Dim Batch = Dim.Symbol("batch");

    /// <summary>Graphs over matrices (batch, n, m), by name.</summary>
    private static readonly Dictionary<string, Func<GraphBuilder, Value, IEnumerable<Value>>> Matrices = new()
    {
        ["inverse"] = (g, a) => [g.Inverse(a)],
        ["solve"] = (g, a) => [g.Solve(a, g.Slice(a, 2, 0, 2))],
        ["lu"] = (g, a) => g.ApplyAll(new Lu(), a),
        ["lower triangle"] = (g, a) => [g.TriangularSolve(a, g.Slice(a, 2, 0, 1), lower: true)],
        ["upper triangle"] = (g, a) => [g.TriangularSolve(a, a, lower: false)],
        ["cholesky"] = (g, a) => [g.Cholesky(Positive(g, a))],
        ["qr"] = (g, a) => g.ApplyAll(new QR(false), a),
        ["complete qr"] = (g, a) => g.ApplyAll(new QR(true), a),
        ["eigh"] = (g, a) => g.ApplyAll(new Eigh(), a),
        ["svd"] = (g, a) => g.ApplyAll(new SVD(false), a),
        ["full svd"] = (g, a) => g.ApplyAll(new SVD(true), a),
        ["svd of less than full rank"] = (g, a) => Undetermined(g, g.MatMul(g.Slice(a, 2, 0, 1), g.Slice(a, 1, 0, 1))),
        ["pinv"] = (g, a) => [g.Pinv(a)],
        ["lstsq"] = (g, a) => [g.Lstsq(a, g.Slice(a, 2, 0, 1))],
    };

    public static TheoryData<string, int, int, DType> Systems
    {
        get
        {
            var data = new TheoryData<string, int, int, DType>();
            foreach (string name in Matrices.Keys)
            {
                bool square = name is "inverse" or "solve" or "lu" or "lower triangle" or "upper triangle" or "cholesky" or "eigh";
                foreach ((int rows, int columns) in ((int, int)[])[(5, 5), (2, 2), .. square ? ((int, int)[])[(17, 17)] : [(7, 4), (3, 8), (6, 1)]])
                {
                    data.Add(name, rows, columns, Double);
                    data.Add(name, rows, columns, DType.Float32);
                }
            }

            return data;
        }
    }

    [OnnxRuntimeTheory]
    [MemberData(nameof(Systems))]
    public void Matrices_are_factorised_as_on_the_CPU(string name, int rows, int columns, DType type)
    {
        var g = new GraphBuilder();
        Value a = g.Input("a", type, new SymbolicShape(Batch, rows, columns));
        Same(g.Build([a], [.. Matrices[name](g, a)]), [Normal(7, 3, rows, columns).Cast(type)], type == Double ? 1e-9 : 1e-4);
    }

    /// <summary>Two numbers of steps and of labels; rows that are shorter, of no label, of equal labels.</summary>
    [OnnxRuntimeTheory]
    [InlineData(5, 2)]
    [InlineData(9, 3)]
    public void Losses_and_labels_of_temporal_classification_are_those_of_the_CPU(int time, int most)
    {
        var g = new GraphBuilder();
        Value labels = g.Input("labels", DType.Int32, new SymbolicShape(Batch, Dim.Symbol("most"))), logits = g.Input("logits", DType.Float32, new SymbolicShape(Batch, Dim.Symbol("time"), 4));
        Value lengths = g.Input("lengths", DType.Int32, new SymbolicShape(Batch)), steps = g.Input("steps", DType.Int32, new SymbolicShape(Batch));
        (Value merged, Value scores) = g.CTCDecode(new CTCGreedyDecoder(0, MergeRepeated: true), logits, steps);
        (Value all, _) = g.CTCDecode(new CTCGreedyDecoder(3, MergeRepeated: false), logits, steps);
        Graph graph = g.Build([labels, logits, lengths, steps], [g.CTCLoss(labels, logits, lengths, steps, 0), merged, scores, all]);
        int[] tokens = [.. Enumerable.Range(0, 4 * most).Select(i => i < most ? 1 : 1 + (i % 3))];
        Same(graph, [Tensor.From(tokens, 4, most), Normal(3, 4, time, 4).Cast(DType.Float32), Tensor.From([most, most, 0, 1], 4), Tensor.From([time, time - 1, time, time - 2], 4)], 1e-5);
    }

    public static TheoryData<string, int, int, int, bool> Windows
    {
        get
        {
            var data = new TheoryData<string, int, int, int, bool>();
            foreach (string padding in (string[])["valid", "same"])
            {
                foreach ((int stride, int dilation) in ((int, int)[])[(1, 1), (2, 1), (3, 1), (1, 2)])
                {
                    data.Add(padding, stride, dilation, 1, true);
                    data.Add(padding, stride, dilation, 2, stride > 1);
                }
            }

            return data;
        }
    }

    /// <summary>ONNX Runtime has these for float32 alone.</summary>
    [OnnxRuntimeTheory]
    [MemberData(nameof(Windows))]
    public void Windows_of_float64_are_those_of_the_CPU(string padding, int stride, int dilation, int groups, bool known)
    {
        const int channels = 4, height = 9, width = 8;
        var g = new GraphBuilder();
        Value x = g.Input("x", Double, new SymbolicShape(Batch, known ? height : Dim.Symbol("height"), known ? width : Dim.Symbol("width"), channels));
        Padding edges = Padding.Parse(padding);
        Value kernel = g.Constant(Normal(1, 3, 2, channels / groups, 6)), bias = g.Constant(Normal(2, 6)), alone = g.Constant(Normal(3, 3, 2, channels, 2)), back = g.Constant(Normal(4, 3, 2, 5, channels));
        Graph graph = g.Build([x],
        [
            g.Apply(new Conv([stride, stride], [dilation, dilation], edges, groups) { Activation = new Tanh() }, x, kernel, bias),
            g.Apply(new DepthwiseConv([stride, stride], [dilation, dilation], edges), x, alone),
            g.Apply(new ConvTranspose([stride, stride], [dilation, dilation], [1, 0], [1, 0]), x, back),
            g.AveragePool(x, [3, 2], [stride, stride], edges),
            g.AveragePool(x, [2, 3], [stride, stride], edges, countsPadding: true),
        ]);
        Same(graph, [Normal(5, 2, height, width, channels)], 1e-12);
    }

    /// <summary>What is determined of singular vectors without a singular value: that they are orthogonal and complete.</summary>
    private static IEnumerable<Value> Undetermined(GraphBuilder g, Value a)
    {
        (Value u, Value s, Value vh) = g.SVD(a);
        (Value few, _, Value fewH) = g.SVD(a, fullMatrices: false);
        return [s, g.MatMul(g.SwapAxes(u, 1, 2), u), g.MatMul(vh, g.SwapAxes(vh, 1, 2)), g.MatMul(g.Mul(few, g.ExpandDims(s, 1)), fewH)];
    }

    /// <summary>Functions of float64 that ONNX Runtime lacks.</summary>
    [OnnxRuntimeFact]
    public void Functions_of_float64_are_those_of_the_CPU()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", Double, new SymbolicShape(Batch));
        double[] points = [.. Enumerable.Range(-90, 181).Select(i => i / 10.0), 1e-9, -1e-300, double.PositiveInfinity, double.NegativeInfinity, double.NaN];
        Same(g.Build([x], [g.Erf(x), g.Celu(x, 1.5)]), [Tensor.From(points, points.Length)], 1e-14);
        Same(g.Build([x], [g.Gelu(x, approximate: false), g.Apply(new Swish(), x)]), [Tensor.From(points[..^3], points.Length - 3)], 1e-13);
    }

    /// <summary>Zeros beside negative numbers win, though optimizers like to move the padding into MaxPool, where it would be minus infinity.</summary>
    [OnnxRuntimeTheory]
    [InlineData(OnnxExportOptions.OldestOpset)]
    [InlineData(OnnxExportOptions.DefaultOpset)]
    [InlineData(OnnxExportOptions.NewestOpset)]
    public void Zeros_around_negative_numbers_are_the_largest(int opset)
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Batch, 6, 6, 2));
        Graph graph = g.Build([x], [g.MaxPool(g.Pad(x, [0, 1, 1, 0], [0, 1, 1, 0]), [3, 3], [2, 2], Padding.Valid), g.MaxPool(g.Pad(g.Relu(x), [0, 1, 1, 0], [0, 1, 1, 0]), [3, 3], [2, 2], Padding.Valid)]);
        Tensor<float> negative = new(Normal(1, 2, 6, 6, 2).ToArray().Select(v => (float)-Math.Abs(v)).ToArray(), new Shape([2, 6, 6, 2]));
        Same(graph, [negative], 0, new OnnxExportOptions { Opset = opset });
    }

    private static Value Positive(GraphBuilder g, Value a) => g.Add(g.MatMul(a, g.SwapAxes(a, 1, 2)), g.Cast(g.Eye(a.Shape[1].Value), a.DType));

    private static Tensor<double> Normal(int seed, params int[] shape)
    {
        var random = new Random(seed);
        return new Tensor<double>(Enumerable.Range(0, new Shape(shape).ElementCount).Select(_ => (random.NextDouble() * 4) - 2).ToArray(), new Shape(shape));
    }

    private static void Same(Graph graph, Tensor[] inputs, double tolerance, OnnxExportOptions? options = null)
    {
        using IExecutable cpu = Device.Cpu.Prepare(graph);
        Tensor[] want = cpu.Run(inputs);
        using var session = new OnnxSession(OnnxExporter.Export(graph, options).ToBytes(), threads: 1);
        Tensor[] got = session.Run(inputs);
        for (int i = 0; i < want.Length; i++)
        {
            ArrayComparison comparison = ArrayComparison.Of($"output {i} {want[i].Shape}", got[i], want[i], new Tolerance(tolerance, tolerance));
            Assert.True(comparison.Passes, comparison.ToString());
        }
    }
}
