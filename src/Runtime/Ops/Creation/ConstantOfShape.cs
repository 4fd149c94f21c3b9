using System.Runtime.InteropServices;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>One number in every place of a shape. ONNX ConstantOfShape with the shape as an attribute that may hold symbols.</summary>
/// <param name="Shape">The shape.</param>
/// <param name="Value">The number.</param>
/// <param name="To">The element type, not text.</param>
public sealed record ConstantOfShape(SymbolicShape Shape, double Value, DType To) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => To != DType.String
        ? [new TensorType(To, Shape)]
        : throw inputs.Fail("text", "numbers or bool");

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, To);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot y = binding.Output(0);
        T value = MemoryMarshal.Read<T>(Tensor.Scalar(Value).Cast(To).Bytes);
        return frame => frame.Span<T>(y).Fill(value);
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding) => throw new InvalidOperationException("Text is expanded, not filled in.");
}

public sealed partial class GraphBuilder
{
    /// <summary>One number in every place of a shape.</summary>
    public Value Full(SymbolicShape shape, double value, DType dtype = DType.Float32) => Apply(new ConstantOfShape(shape, value, dtype));

    /// <summary>Zeros of a shape.</summary>
    public Value Zeros(SymbolicShape shape, DType dtype = DType.Float32) => Full(shape, 0, dtype);

    /// <summary>Ones of a shape.</summary>
    public Value Ones(SymbolicShape shape, DType dtype = DType.Float32) => Full(shape, 1, dtype);
}
