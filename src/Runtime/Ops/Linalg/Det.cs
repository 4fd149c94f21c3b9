namespace KerasCompat.Runtime;

/// <summary>The determinant. ONNX Det.</summary>
public sealed record Det : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        return [new TensorType(inputs.DType(0), SymbolicShape.Scalar)];
    }

    private protected override int Memory(int rows, int columns, int right) => rows;

    private protected override void Compute(MatrixSpans m)
    {
        double product = LUDecomposition.Run(m.A, m.Rows, m.Memory);
        for (int i = 0; i < m.Rows; i++)
        {
            product *= m.A[(i * m.Rows) + i];
        }

        m.Output(0)[0] = product;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The determinant of each matrix.</summary>
    public Value Det(Value a) => Apply(new Det(), a);
}
