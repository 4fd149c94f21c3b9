using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The number of the input's elements as a scalar of int64. ONNX Size.</summary>
public sealed record SizeOp : Op
{
    /// <inheritdoc/>
    public override string Name => "Size";

    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [new TensorType(DType.Int64, SymbolicShape.Scalar)];

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs) => [inputs.Shape(0).ElementCount];

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame => frame.Span<long>(y)[0] = x.Length;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The number of the value's elements as a scalar of int64.</summary>
    public Value Size(Value x) => Apply(new SizeOp(), x);
}
