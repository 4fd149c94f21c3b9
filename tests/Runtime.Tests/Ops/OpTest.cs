using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.Tests.Ops;

/// <summary>Runs a graph of one operator in every way there is, and sees that the ways agree to the bit.</summary>
internal static class OpTest
{
    public delegate Value Apply(GraphBuilder graph, Value[] inputs);

    public delegate IReadOnlyList<Value> ApplyAll(GraphBuilder graph, Value[] inputs);

    /// <summary>The one output. See <see cref="RunAll(ApplyAll, Tensor[])"/>.</summary>
    public static Tensor Run(Apply apply, params Tensor[] inputs) => RunAll((g, x) => [apply(g, x)], inputs)[0];

    /// <summary>The one output of an operator that must know some sizes. See <see cref="RunAll(ApplyAll, Tensor[])"/>.</summary>
    /// <param name="apply">Applies the operator.</param>
    /// <param name="isKnown">Whether an axis, given by input and axis, is never a symbol.</param>
    /// <param name="inputs">The inputs.</param>
    public static Tensor Run(Apply apply, Func<int, int, bool> isKnown, params Tensor[] inputs) => RunAll((g, x) => [apply(g, x)], isKnown, inputs)[0];

    /// <summary>
    /// The outputs, from a plan of known shapes, a plan in whose inputs every axis of more than one element is a symbol, and
    /// the folding of constants. Planned graphs run twice: the second call finds the memory as the first left it.
    /// </summary>
    public static Tensor[] RunAll(ApplyAll apply, params Tensor[] inputs) => RunAll(apply, (_, _) => false, inputs);

    private static Tensor[] RunAll(ApplyAll apply, Func<int, int, bool> isKnown, Tensor[] inputs)
    {
        Tensor[] known = RunPlanned(apply, inputs, (_, _, size) => size);
        Tensor[] symbolic = RunPlanned(apply, inputs, (i, axis, size) => size == 1 || isKnown(i, axis) ? size : Dim.Symbol($"n{size}"));
        AssertSame(known, symbolic, "symbolic");
        AssertSame(known, RunFolded(apply, inputs), "folded");
        return known;
    }

    /// <summary>The outputs of a plan, for operators that take no symbols, or symbols on some axes alone.</summary>
    public static Tensor[] RunPlanned(ApplyAll apply, Tensor[] inputs, Func<int, int, int, Dim> size)
    {
        var graph = new GraphBuilder();
        Value[] values = [.. inputs.Select((tensor, i) =>
            graph.Input($"x{i}", tensor.DType, new SymbolicShape(tensor.Shape.Select((n, axis) => size(i, axis, n)))))];
        IReadOnlyList<Value> outputs = apply(graph, values);
        Graph built = graph.Build(outputs);
        var executable = new CpuExecutable(built);
        executable.Run(inputs);
        Tensor[] results = executable.Run(inputs);
        if (!built.HasDynamicShapes)
        {
            AssertAllocatesNothing(executable.Plan([.. inputs.Select(t => t.Shape)]));
        }

        Assert.Equal(outputs.Select(o => o.DType), results.Select(r => r.DType));
        Assert.Equal(outputs.Select(o => o.Rank), results.Select(r => r.Shape.Rank));
        return results;
    }

    /// <remarks>
    /// A collection that another thread begins counts what is left of this thread's piece of the heap as allocated: one run of a few without
    /// any allocation shows that there is none.
    /// </remarks>
    private static void AssertAllocatesNothing(CpuPlan plan)
    {
        CpuFrame frame = plan.Rent();
        Assert.Contains(0L, Enumerable.Range(0, 3).Select(_ => AllocatedBy(() => plan.Run(frame))).ToArray());
        plan.Return(frame);
    }

    private static long AllocatedBy(Action run)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        run();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static Tensor[] RunFolded(ApplyAll apply, Tensor[] inputs)
    {
        var graph = new GraphBuilder();
        IReadOnlyList<Value> outputs = apply(graph, [.. inputs.Select(graph.Constant)]);
        return outputs.All(o => o.Constant is not null)
            ? [.. outputs.Select(o => o.Constant!)]
            : new CpuExecutable(graph.Build(outputs)).Run([]);
    }

    private static void AssertSame(Tensor[] expected, Tensor[] actual, string way)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(expected[i].ToString() == actual[i].ToString(), $"{way}: {actual[i]}, known shapes: {expected[i]}");
            if (expected[i] is Tensor<string> text)
            {
                Assert.Equal(text.ToArray(), actual[i].As<string>().ToArray());
            }
            else
            {
                Assert.True(expected[i].Bytes.SequenceEqual(actual[i].Bytes), $"{way} differs");
            }
        }
    }
}
