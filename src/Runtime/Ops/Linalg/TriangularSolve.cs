namespace KerasCompat.Runtime;

/// <summary>The X with <c>T·X = B</c> for a triangle T, whose other triangle is not read. scipy's <c>linalg.solve_triangular</c>.</summary>
/// <param name="Lower">Which triangle T is.</param>
public sealed record TriangularSolve(bool Lower) : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape(columns, inputs.Shape(1)[-1]))];
    }

    private protected override void Compute(MatrixSpans m)
    {
        m.B.CopyTo(m.Output(0));
        TriangularSystem.Solve(m.A, m.Rows, m.Output(0), m.Right, Lower, unitDiagonal: false);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The X with <c>T·X = B</c> for a triangle T. A B with one axis less than T holds vectors.</summary>
    public Value TriangularSolve(Value t, Value b, bool lower = false) => b.Rank == t.Rank - 1
        ? Squeeze(Apply(new TriangularSolve(lower), t, ExpandDims(b, -1)), -1)
        : Apply(new TriangularSolve(lower), t, b);
}
