using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>Elements converted to another type, as numpy's <c>astype</c> does. ONNX Cast.</summary>
/// <param name="To">The new element type.</param>
public sealed record Cast(DType To) : Op
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => (inputs.DType(0) == DType.String) == (To == DType.String)
        ? [new TensorType(To, inputs.Shape(0))]
        : throw inputs.Fail(inputs.DType(0).Name(), $"a type that converts to {To.Name()}");

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs) => To.IsInteger() ? inputs.Content(0) : null;

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame => TensorConversion.Cast(x.DType, frame.Bytes(x), y.DType, frame.Bytes(y));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Elements converted to another type; the value itself where it has that type.</summary>
    public Value Cast(Value x, DType to) => x.DType == to ? x : Apply(new Cast(to), x);
}
