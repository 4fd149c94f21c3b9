using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The same bits as another type of the same size, as numpy's <c>view</c>. ONNX BitCast from opset 26.</summary>
/// <param name="To">The new element type.</param>
public sealed record BitCast(DType To) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) =>
        To != DType.String && To.Size() == inputs.DType(0).Size()
            ? [new TensorType(To, inputs.Shape(0))]
            : throw inputs.Fail($"{inputs.DType(0).Name()} as {To.Name()}", "types of one size");

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame => frame.Bytes(x).CopyTo(frame.Bytes(y));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The same bits as another type of the same size; the value itself where it has that type.</summary>
    public Value BitCast(Value x, DType to) => x.DType == to ? x : Apply(new BitCast(to), x);
}
