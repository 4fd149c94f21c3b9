using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The sizes of the input's axes as a vector of int64. ONNX Shape.</summary>
public sealed record ShapeOf : Op
{
    /// <inheritdoc/>
    public override string Name => "Shape";

    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) =>
        [new TensorType(DType.Int64, new SymbolicShape(inputs.Shape(0).Rank))];

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs) => [.. inputs.Shape(0)];

    internal override CpuKernel Bind(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            Span<long> sizes = frame.Span<long>(y);
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                sizes[axis] = x.Shape[axis];
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The sizes of the value's axes as a vector of int64.</summary>
    public Value Shape(Value x) => Apply(new ShapeOf(), x);

    /// <summary>The size of one axis as a scalar of a numeric type.</summary>
    public Value SizeOf(Value x, int axis, DType dtype = DType.Int64) => Cast(Select(Shape(x), 0, axis < 0 ? axis + x.Rank : axis), dtype);

    /// <summary>The elements under a shape that the graph computes from sizes; one size may be −1 and is what the others leave.</summary>
    /// <exception cref="ModelFormatException">The shape does not follow from sizes and constants.</exception>
    public Value Reshape(Value x, Value shape)
    {
        IReadOnlyList<Dim>? sizes = shape.Content ?? (shape.Constant is { } constant ? [.. constant.Cast(DType.Int64).As<long>().ToArray().Select(Dim.Constant)] : null);
        return sizes is null
            ? throw new ModelFormatException(Scope, "a shape that depends on elements", "a shape that follows from sizes")
            : Reshape(x, x.Shape.Inferred([.. sizes]));
    }
}
