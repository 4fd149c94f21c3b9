using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>A matrix of zeros with ones on a diagonal. ONNX EyeLike with the sizes as attributes.</summary>
/// <param name="Rows">Number of rows.</param>
/// <param name="Columns">Number of columns.</param>
/// <param name="Diagonal">Which diagonal: 0 is the main one, positive numbers lie above.</param>
/// <param name="To">The element type, not text.</param>
public sealed record EyeLike(Dim Rows, Dim Columns, int Diagonal, DType To) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => To != DType.String
        ? [new TensorType(To, new SymbolicShape(Rows, Columns))]
        : throw inputs.Fail("text", "numbers or bool");

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, To);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot y = binding.Output(0);
        T one = MemoryMarshal.Read<T>(Tensor.Scalar(1.0).Cast(To).Bytes);
        int rows = y.Shape[0], columns = y.Shape[1];
        return frame =>
        {
            Span<T> matrix = frame.Span<T>(y);
            matrix.Clear();
            for (int row = Math.Max(-Diagonal, 0); row < rows && row + Diagonal < columns; row++)
            {
                matrix[(row * columns) + row + Diagonal] = one;
            }
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding) => throw new InvalidOperationException("Text has no one.");
}

public sealed partial class GraphBuilder
{
    /// <summary>A matrix of zeros with ones on a diagonal; square where no number of columns is given.</summary>
    public Value Eye(Dim rows, Dim? columns = null, int diagonal = 0, DType dtype = DType.Float32) =>
        Apply(new EyeLike(rows, columns ?? rows, diagonal, dtype));
}
