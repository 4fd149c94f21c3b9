using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The same bits read as elements of another type of the same size. ONNX has no such operator.</summary>
/// <param name="To">The new element type.</param>
public sealed record BitCast(DType To) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => inputs.DType(0).Size() == To.Size()
        ? [new TensorType(To, inputs.Shape(0))]
        : throw inputs.Fail($"elements of {inputs.DType(0).Name()}", $"elements as large as {To.Name()}");

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame => frame.Bytes(x).CopyTo(frame.Bytes(y));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The same bits read as elements of another type of the same size.</summary>
    public Value BitCast(Value x, DType to) => x.DType == to ? x : Apply(new BitCast(to), x);
}
