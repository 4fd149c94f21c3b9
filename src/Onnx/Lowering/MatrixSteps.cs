using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>A method on matrices, step by step: a Scan over row numbers, in float64, as this library's own executor computes it.</summary>
internal static class MatrixSteps
{
    /// <summary>Matrices (…, n, m) as (batch, n, m) of float64.</summary>
    public static Value Wide(Decomposition d, Value x) =>
        d.G.Cast(d.G.Reshape(x, new SymbolicShape(new SymbolicShape(x.Shape.Take(x.Rank - 2)).ElementCount, x.Shape[-2], x.Shape[-1])), DType.Float64);

    /// <summary>Results, in float64 and with one batch axis, as the node's.</summary>
    public static IReadOnlyList<Value> Narrow(Decomposition d, params IReadOnlyList<Value> wide) =>
        [.. wide.Zip(d.Node.Outputs, (value, output) => d.G.Reshape(d.G.Cast(value, output.DType), output.Shape))];

    /// <summary>The rows and columns of matrices; null, after a refusal, where a call decides them.</summary>
    public static (int Rows, int Columns)? Sizes(Decomposition d, Value x)
    {
        if (x.Shape[-2].ValueOrNull is { } rows && x.Shape[-1].ValueOrNull is { } columns)
        {
            return (rows, columns);
        }

        d.Refuse($"operator {d.Node.Op.Name} of matrices {x.Shape} whose size a call decides", "a known size", "fix the sizes");
        return null;
    }

    /// <summary>The unit matrix (1, n, n).</summary>
    public static Value Identity(GraphBuilder g, int n) => g.Constant(Tensor.From([.. Enumerable.Range(0, n * n).Select(i => i / n == i % n ? 1.0 : 0)], 1, n, n));

    /// <summary>The unit matrix for each of the matrices x: (batch, n, n).</summary>
    public static Value Identities(GraphBuilder g, Value x, int n) => g.Expand(Identity(g, n), new SymbolicShape(x.Shape[0], n, n));

    /// <summary>Runs steps.</summary>
    /// <param name="g">Takes the Scan.</param>
    /// <param name="states">What steps change: (batch, n, m) of float64.</param>
    /// <param name="numbers">For each step, so many row numbers as lists are given.</param>
    /// <param name="whole">What steps read besides.</param>
    /// <param name="step">Gives the next states, then results (batch, k), which are put side by side as (batch, steps, k).</param>
    public static ScanResult Run(GraphBuilder g, IReadOnlyList<Value> states, IReadOnlyList<IReadOnlyList<int>> numbers, IReadOnlyList<Value> whole, Func<MatrixStep, IReadOnlyList<Value>> step)
    {
        var body = new GraphBuilder();
        Value[] before = [.. states.Select((s, i) => body.Input($"state{i}", s.DType, s.Shape))];
        Value[] at = [.. numbers.Select((_, i) => body.Input($"number{i}", DType.Int64, new SymbolicShape(1)))];
        Value[] read = [.. whole.Select((w, i) => body.Input($"whole{i}", w.DType, w.Shape))];
        Graph graph = body.Build([.. before, .. at, .. read], step(new MatrixStep(body, before, at, read)));
        return g.Scan(graph, states, [.. numbers.Select(list => g.Constant(Tensor.From([.. list.Select(n => (long)n)], 1, list.Count)))], whole);
    }

    /// <summary>The numbers of all pairs of different rows, the smaller first, again and again.</summary>
    public static IReadOnlyList<IReadOnlyList<int>> Pairs(int n, int sweeps)
    {
        (int First, int Second)[] pairs = [.. Enumerable.Range(0, n).SelectMany(i => Enumerable.Range(i + 1, n - i - 1).Select(j => (i, j)))];
        (int First, int Second)[] all = [.. Enumerable.Repeat(pairs, sweeps).SelectMany(p => p)];
        return [[.. all.Select(p => p.First)], [.. all.Select(p => p.Second)]];
    }
}

/// <summary>One step of a method on matrices (batch, n, m).</summary>
/// <param name="G">Takes the nodes.</param>
/// <param name="States">What the step before left.</param>
/// <param name="At">The step's row numbers.</param>
/// <param name="Whole">What all steps read.</param>
internal sealed record MatrixStep(GraphBuilder G, IReadOnlyList<Value> States, IReadOnlyList<Value> At, IReadOnlyList<Value> Whole)
{
    /// <summary>A row: (batch, 1, m).</summary>
    public Value Row(Value x, Value at) => G.Gather(x, at, 1);

    /// <summary>A column: (batch, n, 1).</summary>
    public Value Column(Value x, Value at) => G.Gather(x, at, 2);

    /// <summary>The numbers of the rows, (n, 1).</summary>
    public Value Rows(Value x) => G.Reshape(G.Range(x.Shape[1]), x.Shape[1], 1);

    /// <summary>The numbers of the columns, (1, m).</summary>
    public Value Columns(Value x) => G.Reshape(G.Range(x.Shape[2]), 1, x.Shape[2]);

    /// <summary>A matrix with a row replaced.</summary>
    public Value WithRow(Value x, Value at, Value row) => G.Where(G.Equal(Rows(x), at), row, x);

    /// <summary>A matrix with a column replaced.</summary>
    public Value WithColumn(Value x, Value at, Value column) => G.Where(G.Equal(Columns(x), at), column, x);

    /// <summary>Zero where a condition does not hold.</summary>
    public Value Only(Value condition, Value x) => G.Where(condition, x, Number(0));

    /// <summary>A number of float64.</summary>
    public Value Number(double value) => G.Scalar(value, DType.Float64);

    /// <summary>The sum of x·y along rows: (batch, n, 1).</summary>
    public Value Dot(Value x, Value y) => G.ReduceSum(G.Mul(x, y), [2], keepDims: true);
}
