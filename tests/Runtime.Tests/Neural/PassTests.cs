using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.Tests.Neural;

/// <summary>A graph computes the same before and after the passes, with the operators that the passes promise.</summary>
public class PassTests
{
    private static readonly Random Seeded = new(3);

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    public void Convolution_normalisation_and_activation_become_one(DType type)
    {
        Check(
            type,
            [new SymbolicShape(Dim.Symbol("batch"), 6, 5, 4)],
            (g, x) =>
            {
                Value conv = g.Conv(x[0], Weight(g, type, 3, 3, 4, 8), Weight(g, type, 8), [1, 1], [1, 1], Padding.Same);
                Value depthwise = g.DepthwiseConv(g.Relu(Normalized(g, conv)), Weight(g, type, 3, 3, 8, 2), null, [1, 1], [1, 1], Padding.Same);
                Value transpose = g.ConvTranspose(g.Tanh(Normalized(g, depthwise)), Weight(g, type, 2, 2, 3, 16), Weight(g, type, 3), [2, 2], [1, 1], PaddingMode.Valid);
                return [g.Sigmoid(Normalized(g, transpose))];
            },
            type == DType.Float16 ? null : ["Conv", "DepthwiseConv", "ConvTranspose"]);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Dense_layers_become_products_with_epilogues(DType type)
    {
        Check(
            type,
            [new SymbolicShape(Dim.Symbol("batch"), 7)],
            (g, x) =>
            {
                Value first = g.Relu(Normalized(g, g.Add(g.MatMul(x[0], Weight(g, type, 7, 9)), Weight(g, type, 9))));
                Value second = g.Gelu(g.Add(g.Add(g.MatMul(first, Weight(g, type, 9, 9)), Weight(g, type, 1, 9)), first));
                return [g.Softmax(g.MatMul(second, Weight(g, type, 9, 3)))];
            },
            ["FusedMatMul", "FusedMatMul", "MatMul", "Softmax"]);
    }

    [Fact]
    public void Zeros_around_an_image_become_padding_and_a_capped_relu_one_activation()
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), 6, 5, 4)],
            (g, x) =>
            {
                Value conv = g.Conv(g.Pad(x[0], [0, 1, 2, 0], [0, 2, 0, 0]), Weight(g, DType.Float32, 3, 3, 4, 8), null, [2, 1], [1, 1], Padding.Valid);
                Value capped = g.Clip(g.Relu(conv), double.NegativeInfinity, 6);
                Value depthwise = g.DepthwiseConv(g.Pad(capped, [0, 1, 1, 0], [0, 1, 1, 0]), Weight(g, DType.Float32, 3, 3, 8, 1), null, [1, 1], [1, 1], Padding.Valid);
                return [g.MaxPool(g.Pad(g.Relu(depthwise), [0, 1, 1, 0], [0, 1, 1, 0]), [3, 3], [2, 2], Padding.Valid)];
            },
            ["Conv", "DepthwiseConv", "MaxPool"]);
    }

    [Fact]
    public void Zeros_that_may_be_the_largest_stay()
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), 6, 5, 4)],
            (g, x) =>
            [
                g.MaxPool(g.Pad(x[0], [0, 1, 1, 0], [0, 1, 1, 0]), [3, 3], [2, 2], Padding.Valid),
                g.MaxPool(g.Pad(g.Relu(x[0]), [0, 2, 0, 0], [0, 0, 0, 0]), [2, 2], [1, 1], Padding.Valid),
            ],
            ["Pad", "MaxPool", "Relu", "Pad", "MaxPool"]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public void A_normalisation_without_a_product_takes_its_activation(int axis)
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), 6, 5, 6)],
            (g, x) =>
            {
                Value[] p = [.. Enumerable.Range(0, 4).Select(_ => g.Exp(Weight(g, DType.Float32, 6)))];
                return [g.Relu(g.BatchNormalization(x[0], p[0], p[1], p[2], p[3], axis)), g.Tanh(g.BatchNormalization(x[0], p[0], p[1], null, null, axis))];
            },
            ["BatchNormalization", "BatchNormalization"]);
    }

    [Fact]
    public void What_others_read_is_not_fused_away()
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), 7)],
            (g, x) =>
            {
                Value product = g.MatMul(x[0], Weight(g, DType.Float32, 7, 5));
                Value sum = g.Add(product, Weight(g, DType.Float32, 5));
                return [product, g.Relu(sum), sum];
            },
            ["MatMul", "Add", "Relu"]);
    }

    [Fact]
    public void A_normalisation_by_what_the_call_brings_stays()
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), 7), new SymbolicShape(5)],
            (g, x) => [g.BatchNormalization(g.MatMul(x[0], Weight(g, DType.Float32, 7, 5)), x[1], Weight(g, DType.Float32, 5), null, null)],
            ["MatMul", "BatchNormalization"]);
    }

    [Fact]
    public void Equal_nodes_are_computed_once_and_identities_not_at_all()
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), 4, 6)],
            (g, x) =>
            {
                Value back = g.Transpose(g.Transpose(x[0], [0, 2, 1]), [0, 2, 1]);
                Value once = g.Mul(g.Tanh(x[0]), g.Scalar(2, DType.Float32)), twice = g.Mul(g.Tanh(back), g.Scalar(2, DType.Float32));
                Value flat = g.Reshape(g.Reshape(g.Add(once, twice), Dim.Symbol("batch"), 24), Dim.Symbol("batch"), 6, 4);
                return [flat, g.Apply(new Cast(DType.Float32), flat)];
            },
            ["Tanh", "Mul", "Add"]);
    }

    [Fact]
    public void A_transposed_right_side_is_read_where_it_lies()
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), 4, 6), new SymbolicShape(Dim.Symbol("batch"), 5, 6)],
            (g, x) => [g.Softmax(g.MatMul(x[0], g.Transpose(x[1], [0, 2, 1])))],
            ["FusedMatMul", "Softmax"]);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    public void Heads_of_attention_are_read_and_written_between_the_steps(DType type)
    {
        var heads = new SymbolicShape(Dim.Symbol("batch"), Dim.Symbol("time"), 2, 3);
        Check(
            type,
            [heads, heads, heads],
            (g, x) =>
            {
                Value scores = g.Softmax(g.Mul(g.Einsum("btnh,bsnh->bnts", x[0], x[1]), g.Scalar(0.5, type)));
                Value attended = g.Reshape(g.Einsum("bnts,bsnh->btnh", scores, x[2]), Dim.Symbol("batch"), Dim.Symbol("time"), 6);
                return [g.Add(g.MatMul(attended, Weight(g, type, 6, 6)), Weight(g, type, 6))];
            },
            type == DType.Float32 ? ["FusedMatMul", "Mul", "Softmax", "FusedMatMul", "FusedMatMul"] : null);
    }

    [Theory]
    [InlineData(DType.Float32, false)]
    [InlineData(DType.Float32, true)]
    [InlineData(DType.Float64, true)]
    public void A_bidirectional_net_over_an_embedding_looks_up_products_and_writes_in_order(DType type, bool masked)
    {
        CheckOn(
            type,
            [new SymbolicShape(Dim.Symbol("batch"), Dim.Symbol("time"))],
            (g, x) =>
            {
                Value embedded = g.Gather(Weight(g, type, 7, 5), x[0]);
                Value? mask = masked ? g.NotEqual(x[0], g.Scalar(0, DType.Int32)) : null;
                var lstm = new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid(), ReturnSequences = true };
                RecurrentResult forward = g.LSTM(lstm, embedded, Weight(g, type, 5, 12), Weight(g, type, 3, 12), Weight(g, type, 12), mask);
                RecurrentResult backward = g.GRU(
                    new GRU { Activation = new Tanh(), RecurrentActivation = new Sigmoid(), ReturnSequences = true, GoBackwards = true },
                    embedded, Weight(g, type, 5, 9), Weight(g, type, 3, 9), Weight(g, type, 2, 9), mask);
                return [g.Concat([forward.Output, g.Reverse(backward.Output, 1)], -1), .. forward.States, .. backward.States];
            },
            type == DType.Float64 ? null : masked ? ["NotEqual", "EmbeddedLSTM", "EmbeddedGRU", "Concat"] : ["EmbeddedLSTM", "EmbeddedGRU", "Concat"],
            [Tensor.From([0, 3, 6, -1, 2, 0, 0, 5, 1, 1, 2, 3], 3, 4)]);
    }

    [Fact]
    public void An_index_outside_of_an_embedding_is_an_error_with_and_without_passes()
    {
        var g = new GraphBuilder();
        Value tokens = g.Input("tokens", DType.Int32, new SymbolicShape(1, 2));
        var rnn = new SimpleRNN { Activation = new Tanh() };
        Value y = g.SimpleRNN(rnn, g.Gather(Weight(g, DType.Float32, 7, 5), tokens), Weight(g, DType.Float32, 5, 3), Weight(g, DType.Float32, 3, 3)).Output;
        Graph graph = g.Build([y]);
        foreach (bool optimize in new[] { true, false })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new CpuExecutable(graph, optimize).Run([Tensor.From([3, 7], 1, 2)]));
        }
    }

    [Fact]
    public void Bodies_of_scans_are_rewritten_too()
    {
        Check(
            DType.Float32,
            [new SymbolicShape(Dim.Symbol("batch"), Dim.Symbol("time"), 6)],
            (g, x) =>
            {
                var b = new GraphBuilder();
                Value step = b.Input("step", DType.Float32, new SymbolicShape(Dim.Symbol("batch"), 6));
                Value dense = b.Relu(b.Add(b.MatMul(step, Weight(b, DType.Float32, 6, 3)), Weight(b, DType.Float32, 3)));
                return [g.Scan(b.Build([dense]), [], [x[0]]).Outputs[0]];
            },
            ["Scan"]);
    }

    private static Value Normalized(GraphBuilder g, Value x)
    {
        int channels = x.Shape[-1].Value;
        return g.BatchNormalization(x, Weight(g, x.DType, channels), Weight(g, x.DType, channels), Weight(g, x.DType, channels), Weight(g, x.DType, channels));
    }

    /// <summary>A weight of numbers between 0.1 and 1.</summary>
    private static Value Weight(GraphBuilder g, DType type, params ReadOnlySpan<int> shape)
    {
        Tensor<double> value = Tensor.Zeros(DType.Float64, new Shape(shape)).As<double>();
        foreach (ref double element in value.Span)
        {
            element = 0.1 + (0.9 * Seeded.NextDouble());
        }

        return g.Weight(new Weight("w", type, value.Shape) { Value = value.Cast(type) });
    }

    private static void Check(DType type, SymbolicShape[] shapes, Func<GraphBuilder, Value[], IReadOnlyList<Value>> build, string[]? operators)
    {
        var symbols = new Dictionary<string, int> { ["batch"] = 3, ["time"] = 4 };
        CheckOn(type, shapes, build, operators, [.. shapes.Select(s => new OpCase(type).Random(s.Evaluate(symbols), 0, 1).Cast(type))]);
    }

    private static void CheckOn(DType type, SymbolicShape[] shapes, Func<GraphBuilder, Value[], IReadOnlyList<Value>> build, string[]? operators, Tensor[] tensors)
    {
        var g = new GraphBuilder();
        Value[] inputs = [.. shapes.Select((s, i) => g.Input($"x{i}", tensors[i].DType, s))];
        Graph graph = g.Build(build(g, inputs)), optimized = GraphPasses.Optimize(graph);
        if (operators is not null)
        {
            var rewriter = optimized.Nodes.Where(n => n.Inputs.Any(i => DependsOnInput(i, optimized)) && !n.Op.IsView);
            Assert.Equal(operators, rewriter.Select(n => n.Op.Name));
        }

        var test = new OpCase(type);
        Tensor[] expected = new CpuExecutable(graph, optimize: false).Run(tensors), actual = new CpuExecutable(graph).Run(tensors);
        for (int i = 0; i < expected.Length; i++)
        {
            test.AssertClose(expected[i].Cast(DType.Float64).As<double>(), actual[i].Cast(DType.Float64).As<double>(), 10);
        }
    }

    private static bool DependsOnInput(Value? value, Graph graph) =>
        value is not null && (graph.Inputs.Contains(value) || (value.Producer is { } node && node.Inputs.Any(i => DependsOnInput(i, graph))));
}
