using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The same elements under another shape. ONNX Reshape with the shape as an attribute that may hold symbols.</summary>
/// <param name="Shape">The new shape, of as many elements as the old one.</param>
public sealed record Reshape(SymbolicShape Shape) : Op
{
    /// <inheritdoc/>
    public override bool IsView => true;

    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        Dim from = inputs.Shape(0).ElementCount, to = Shape.ElementCount;
        if (Dim.AreUnlike(from, to))
        {
            throw inputs.Fail($"shape {inputs.Shape(0)} of {from} elements", $"{to} elements for shape {Shape}");
        }

        return [new TensorType(inputs.DType(0), Shape)];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs) => inputs.Content(0);

    internal override CpuKernel Bind(CpuBinding binding) => throw new InvalidOperationException("A view needs no kernel.");
}

public sealed partial class GraphBuilder
{
    /// <summary>The elements of <paramref name="x"/> under another shape.</summary>
    public Value Reshape(Value x, SymbolicShape shape) =>
        x.Shape.Equals(shape) ? x : Apply(new Reshape(shape), x);

    /// <summary>The elements of <paramref name="x"/> under another shape.</summary>
    public Value Reshape(Value x, params ReadOnlySpan<Dim> shape) => Reshape(x, new SymbolicShape(shape.ToArray()));

    /// <summary>An axis of size 1 inserted; a negative axis counts from the end of the result.</summary>
    public Value ExpandDims(Value x, int axis) => Reshape(x, x.Shape.Inserted(axis, 1));

    /// <summary>An axis of size 1 removed.</summary>
    public Value Squeeze(Value x, int axis) => Reshape(x, x.Shape.Without(axis));
}
