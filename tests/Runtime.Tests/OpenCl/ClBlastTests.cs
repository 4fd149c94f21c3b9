using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.OpenCl;
using KerasCompat.Testing;
using static KerasCompat.Runtime.Tests.OpenCl.DeviceGraphs;

namespace KerasCompat.Runtime.Tests.OpenCl;

/// <summary>Products by CLBlast give the CPU's numbers, wherever their operands lie; who computes is decided as the options say.</summary>
[Collection("OpenCL")]
public class ClBlastTests
{
    private static readonly OpenClOptions Forced = new() { Products = MatrixProducts.ClBlast };

    [ClBlastFact]
    public void ProductsOfAllLayoutsAreThoseOfTheCpu()
    {
        foreach ((int rows, int inner, int columns) in new[] { (1, 37, 5), (1, 1, 1), (7, 1, 3), (3, 64, 1), (5, 33, 40), (70, 129, 100) })
        {
            AssertSame(1, [Random(1, rows, inner)], (g, x) => g.MatMul(x[0], Weight(g, 2, inner, columns)));
            AssertSame(1, [Random(1, rows, inner), Random(2, rows, columns)], (g, x) =>
                g.FusedMatMul(new FusedMatMul { Activation = new Relu() }, x[0], Weight(g, 3, inner, columns), Weight(g, 4, columns), x[1]));
            AssertSame(1, [Random(1, rows, inner)], (g, x) => g.FusedMatMul(new FusedMatMul { PermB = new EquatableList<int>([1, 0]) }, x[0], Weight(g, 2, columns, inner)));
            AssertSame(1, [Random(1, inner, rows)], (g, x) => g.FusedMatMul(new FusedMatMul { PermA = new EquatableList<int>([1, 0]) }, x[0], Weight(g, 2, inner, columns)));
            AssertSame(1, [Random(1, 3, rows, inner), Random(4, 3, inner, columns)], (g, x) => g.MatMul(x[0], x[1]));
            AssertSame(1, [Random(1, 3, rows, inner), Random(4, 1, inner, columns)], (g, x) => g.MatMul(x[0], x[1]));
        }
    }

    /// <summary>Attention: heads lie between the axes of the product, before it and behind it.</summary>
    [ClBlastFact]
    public void OperandsOfAttentionAreReadWhereTheyLie() =>
        AssertSame(2, [Random(1, 2, 9, 4, 8), Random(2, 2, 7, 4, 8)], (g, x) =>
        {
            var heads = new EquatableList<int>([0, 2, 1, 3]);
            Value scores = g.FusedMatMul(new FusedMatMul { PermA = heads, PermB = new EquatableList<int>([0, 2, 3, 1]) }, x[0], x[1]);
            return g.FusedMatMul(new FusedMatMul { PermB = heads, PermOutput = heads }, g.Softmax(scores, -1), x[1]);
        });

    [ClBlastFact]
    public void ConvolutionsOfOnePixelAreProducts()
    {
        AssertSame(1, [Random(1, 2, 5, 7, 6)], (g, x) => g.Apply(new Conv([1, 1], [1, 1], Padding.Same) { Activation = new Relu() }, x[0], Weight(g, 2, 1, 1, 6, 10), Weight(g, 3, 10)));
        AssertSame(0, [Random(1, 2, 5, 7, 6)], (g, x) => g.Apply(new Conv([2, 2], [1, 1], Padding.Same), x[0], Weight(g, 2, 1, 1, 6, 10)));
        AssertSame(0, [Random(1, 2, 5, 7, 6)], (g, x) => g.Apply(new Conv([1, 1], [1, 1], Padding.Same), x[0], Weight(g, 2, 3, 3, 6, 10)));
        AssertSame(0, [Random(1, 2, 5, 7, 6)], (g, x) => g.Apply(new Conv([1, 1], [1, 1], Padding.Same, 2), x[0], Weight(g, 2, 1, 1, 3, 10)));
    }

    /// <summary>What CLBlast cannot compute stays with our kernels.</summary>
    [ClBlastFact]
    public void OtherTypesAndRoundedWeightsAreOurs()
    {
        Tensor<float> input = Random(1, 4, 20);
        AssertSame(0, [input], (g, x) => g.Cast(g.MatMul(g.Cast(x[0], DType.Float16), g.Constant(Random(2, 20, 6).Cast(DType.Float16))), DType.Float32));
        AssertSame(0, [input], (g, x) => g.Cast(g.MatMul(g.Cast(g.Mul(x[0], 9), DType.Int32), g.Constant(Tensor.From(Enumerable.Range(0, 60).ToArray(), 20, 3))), DType.Float32));
        using var rounded = new OpenClExecutable(Build([input], (g, x) => g.MatMul(x[0], Weight(g, 2, 20, 6))), Context(true), Forced with { Storage = DType.Float16 });
        Assert.Empty(Steps(rounded, input));
    }

    [ClBlastFact]
    public void OurKernelsComputeUnlessToldOtherwise()
    {
        Tensor<float> input = Random(1, 4, 20);
        using IExecutable executable = Device.OpenCl().Prepare(Build([input], (g, x) => g.MatMul(x[0], Weight(g, 2, 20, 6))));
        Assert.Empty(Steps((OpenClExecutable)executable, input));
    }

    /// <summary>Products of one shape are raced once, whatever their weights; what was found holds for later plans and models.</summary>
    [ClBlastFact]
    public void AShapeIsRacedOnceAProcess()
    {
        OpenClDevice device = OpenClDevice.Devices[0];
        OpenClContext context = device.NewContext(device.Properties);
        Tensor<float> input = Random(1, 6, 40);
        Graph net = Build([input], (g, x) => g.MatMul(g.Relu(g.MatMul(g.MatMul(x[0], Weight(g, 2, 40, 40)), Weight(g, 3, 40, 40))), Weight(g, 4, 40, 12)));
        long before = context.BytesInUse;
        Tensor expected = new CpuExecutable(net).Run([input])[0];
        var chosen = new List<int>();
        for (int i = 0; i < 2; i++)
        {
            using var executable = new OpenClExecutable(net, context, new OpenClOptions { Products = MatrixProducts.Fastest });
            AssertClose(expected, executable.Run([input])[0]);
            chosen.Add(Steps(executable, input).Length);
            Assert.Equal(3, context.Races.Count);
        }

        Assert.Equal(chosen[0], chosen[1]);
        Assert.Equal(before, context.BytesInUse);
    }

    [ClBlastFact]
    public void NamesSayWhatMultiplies()
    {
        Assert.Equal("opencl:0 clblast", Device.OpenCl(0, Forced).Name);
        Assert.Equal("opencl:0 float16 fastest", Device.OpenCl(0, new OpenClOptions { Storage = DType.Float16, Products = MatrixProducts.Fastest }).Name);
    }

    private static void AssertSame(int products, Tensor<float>[] inputs, Func<GraphBuilder, Value[], Value> build)
    {
        Graph graph = Build(inputs, build);
        using var executable = new OpenClExecutable(graph, Context(true), Forced);
        AssertClose(new CpuExecutable(graph).Run(inputs)[0], executable.Run(inputs)[0]);
        Assert.Empty(executable.Counters.HostOpsByName);
        Assert.Equal(products, Steps(executable, inputs).Length);
    }

    private static PlanStep[] Steps(OpenClExecutable executable, params Tensor[] inputs) =>
        [.. executable.Plan([.. inputs.Select(i => i.Shape)]).Steps.Where(s => s.Text.EndsWith(" by CLBlast", StringComparison.Ordinal))];
}
