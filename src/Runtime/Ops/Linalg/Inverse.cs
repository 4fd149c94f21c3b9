namespace KerasCompat.Runtime;

/// <summary>The inverse; a singular matrix is an error. numpy's <c>linalg.inv</c>.</summary>
public sealed record Inverse : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape(rows, columns))];
    }

    private protected override int Memory(int rows, int columns, int right) => rows;

    private protected override void Compute(MatrixSpans m)
    {
        LUDecomposition.Run(m.A, m.Rows, m.Memory);
        Rows.Identity(m.Output(0), m.Rows, m.Rows);
        LUDecomposition.Solve(m.A, m.Memory, m.Rows, m.Output(0), m.Rows);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The inverse of each matrix.</summary>
    public Value Inverse(Value a) => Apply(new Inverse(), a);
}
