namespace KerasCompat.Runtime;

/// <summary>The sign of the determinant (0 for a singular matrix) and the logarithm of its absolute value (then −∞). numpy's <c>linalg.slogdet</c>.</summary>
public sealed record SlogDet : MatrixOp
{
    private protected override IReadOnlyList<TensorType> Results(OpInference inputs, Dim rows, Dim columns)
    {
        RequireSquare(inputs);
        var scalar = new TensorType(inputs.DType(0), SymbolicShape.Scalar);
        return [scalar, scalar];
    }

    private protected override int Memory(int rows, int columns, int right) => rows;

    private protected override void Compute(MatrixSpans m)
    {
        double sign = LUDecomposition.Run(m.A, m.Rows, m.Memory), log = 0;
        for (int i = 0; i < m.Rows; i++)
        {
            double diagonal = m.A[(i * m.Rows) + i];
            sign *= double.IsNaN(diagonal) ? double.NaN : Math.Sign(diagonal);
            log += Math.Log(Math.Abs(diagonal));
        }

        m.Output(0)[0] = sign;
        m.Output(1)[0] = log;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The sign of each matrix's determinant and the logarithm of its absolute value.</summary>
    public (Value Sign, Value LogAbs) SlogDet(Value a)
    {
        IReadOnlyList<Value> outputs = ApplyAll(new SlogDet(), a);
        return (outputs[0], outputs[1]);
    }
}
