namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu;

/// <summary>Weights that are kept only as kernels read them are the weights that were set, bit for bit, with every kernel set.</summary>
[Collection(KernelCollection.Name)]
public class PackedWeightTests
{
    public static TheoryData<string> Sets => UseKernels.AllSets;

    [Theory]
    [MemberData(nameof(Sets))]
    public void Matrices(string set)
    {
        foreach (int columns in (int[])[1, 2, 3, 4, 7, 8, 16, 17, 31, 32, 33, 48, 100])
        {
            Unpacked(set, [[5, columns]], [3, 5], (g, x, w) => g.MatMul(x, w[0]));
        }

        Unpacked(set, [[3, 4, 6]], [2, 3], (g, x, w) => g.MatMul(x, g.Reshape(w[0], 3, 24)));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Convolutions(string set)
    {
        foreach (int groups in (int[])[1, 3])
        {
            Unpacked(set, [[2, 3, 6 / groups, 21]], [1, 9, 8, 6], (g, x, w) => g.Conv(x, w[0], null, [1, 2], [1, 1], Padding.Same, groups));
        }

        Unpacked(set, [[3, 2, 5, 6]], [1, 4, 4, 6], (g, x, w) => g.ConvTranspose(x, w[0], null, [2, 2], [1, 1], PaddingMode.Same));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void Recurrent_nets(string set)
    {
        foreach (int units in (int[])[1, 4, 16, 20, 37, 100])
        {
            Unpacked(set, [[5, 4 * units], [units, 4 * units]], [2, 3, 5], (g, x, w) => g.LSTM(new LSTM { Activation = new Tanh(), RecurrentActivation = new Sigmoid() }, x, w[0], w[1]).Output);
            Unpacked(set, [[5, units], [units, units]], [2, 3, 5], (g, x, w) => g.SimpleRNN(new SimpleRNN { Activation = new Tanh() }, x, w[0], w[1]).Output);
            foreach (bool after in (bool[])[false, true])
            {
                var gru = new GRU { Activation = new Tanh(), RecurrentActivation = new Sigmoid(), ResetAfter = after };
                Unpacked(set, [[5, 3 * units], [units, 3 * units]], [2, 3, 5], (g, x, w) => g.GRU(gru, x, w[0], w[1]).Output);
            }
        }
    }

    /// <summary>A plan has memory for a weight that one kernel packs and another reads where it lies.</summary>
    [Fact]
    public void A_weight_that_is_read_too_is_there()
    {
        var weight = new Weight("table", DType.Float32, new Shape(6, 4)) { Value = Numbers(new Shape(6, 4)) };
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(2, 4));
        Value table = g.Weight(weight);
        Value scores = g.MatMul(x, g.Transpose(table, [1, 0]));
        Value rows = g.MatMul(scores, table);
        using var executable = new CpuExecutable(g.Build([scores, rows, g.Add(table, table)]));
        Tensor<float> input = Numbers(new Shape(2, 4)), kept = Numbers(new Shape(6, 4));
        Tensor[] results = executable.Run([input]);
        float[] expected = [.. Enumerable.Range(0, 12).Select(i => Enumerable.Range(0, 4).Sum(k => input.Span[(i / 6 * 4) + k] * kept.Span[(i % 6 * 4) + k]))];
        Assert.All(expected.Zip(results[0].As<float>().ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        Assert.Equal([.. kept.ToArray().Select(v => 2 * v)], results[2].As<float>().ToArray());
        Assert.True(kept.Bytes.SequenceEqual(weight.Value.Bytes));
    }

    /// <summary>A weight set while a plan is made of its old elements keeps the new ones.</summary>
    [Fact]
    public void A_weight_givenmeanwhile_stays_set()
    {
        var weight = new Weight("w", DType.Float32, new Shape(2)) { Value = Tensor.From([1f, 2], 2) };
        using var scratch = new ScratchTensors();
        (_, WeightSource from) = weight.Read(scratch);
        weight.Value = Tensor.From([3f, 4], 2);
        Assert.False(weight.Replace(from, new HeldWeight(Tensor.From([1f, 2], 2))));
        Assert.Equal([3f, 4], weight.Value.As<float>().ToArray());
    }

    /// <summary>Elements outside of the heap are there for who is using them, and a copy for who asks for them.</summary>
    [Fact]
    public void Loaded_elements_are_given_back_after_their_last_use()
    {
        var weight = new Weight("w", DType.Float32, new Shape(3));
        var block = new NativeBlock(DType.Float32, new Shape(3));
        Tensor.From([1f, 2, 3], 3).CopyTo(block.Tensor);
        weight.Set(new LoadedWeight(block));
        using (var scratch = new ScratchTensors())
        {
            Tensor used = weight.Read(scratch).Elements;
            Tensor asked = weight.Value;
            Assert.Same(asked, weight.Value);
            Assert.NotSame(asked, used);
            Assert.Equal(asked.As<float>().ToArray(), used.As<float>().ToArray());
        }

        Assert.False(block.TryUse());
    }

    private static void Unpacked(string set, int[][] shapes, int[] input, Func<GraphBuilder, Value, Value[], Value> build)
    {
        using UseKernels _ = new(set);
        Weight[] weights = [.. shapes.Select((s, i) => new Weight($"w{i}", DType.Float32, new Shape(s)) { Value = Numbers(new Shape(s)) })];
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(input.Select(d => (Dim)d)));
        using var executable = new CpuExecutable(g.Build([build(g, x, [.. weights.Select(g.Weight)])]));
        Tensor[] given = [.. weights.Select(w => w.Value)];
        executable.Run([Numbers(new Shape(input))]);
        foreach ((Weight weight, Tensor before) in weights.Zip(given))
        {
            Assert.NotSame(before, weight.Value);
            Assert.True(before.Bytes.SequenceEqual(weight.Value.Bytes), $"{weight} with {set}");
        }
    }

    private static Tensor<float> Numbers(Shape shape) => new(Enumerable.Range(0, shape.ElementCount).Select(i => (((i * 37) % 101) - 50) / 64f).ToArray(), shape);
}
