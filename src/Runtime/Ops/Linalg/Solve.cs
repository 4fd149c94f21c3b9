namespace KerasCompat.Runtime;

/// <summary>The X with <c>A·X = B</c>; a singular A is an error. numpy's <c>linalg.solve</c>. Inputs: A (n, n), B (n, k).</summary>
public sealed record Solve : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape(columns, inputs.Shape(1)[-1]))];
    }

    private protected override int Memory(int rows, int columns, int right) => rows;

    private protected override void Compute(MatrixSpans m)
    {
        LUDecomposition.Run(m.A, m.Rows, m.Memory);
        m.B.CopyTo(m.Output(0));
        LUDecomposition.Solve(m.A, m.Memory, m.Rows, m.Output(0), m.Right);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The X with <c>A·X = B</c>. A B with one axis less than A holds vectors.</summary>
    public Value Solve(Value a, Value b) => b.Rank == a.Rank - 1
        ? Squeeze(Apply(new Solve(), a, ExpandDims(b, -1)), -1)
        : Apply(new Solve(), a, b);
}
