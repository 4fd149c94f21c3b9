namespace KerasCompat.Runtime;

/// <summary>
/// <c>P·A = L·U</c> packed: U with its diagonal, L below it without its ones; and the rows exchanged, step by step (int32,
/// counted from 0). scipy's <c>linalg.lu_factor</c>.
/// </summary>
public sealed record Lu : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape(rows, columns)), new TensorType(DType.Int32, new SymbolicShape(rows))];
    }

    private protected override void Compute(MatrixSpans m)
    {
        LUDecomposition.Run(m.A, m.Rows, m.Output(1));
        m.A.CopyTo(m.Output(0));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>P·A = L·U</c> packed into one matrix, and the rows exchanged (int32).</summary>
    public (Value LU, Value Pivots) Lu(Value a)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new Lu(), a);
        return (outputs[0], outputs[1]);
    }
}
