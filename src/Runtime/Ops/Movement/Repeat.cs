namespace KerasCompat.Runtime;

/// <summary>Each slice along an axis repeated in place, as numpy's <c>repeat</c>. ONNX: Tile of a new axis behind it, then Reshape.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Count">How often each slice stands in the result.</param>
public sealed record Repeat(int Axis, int Count) : StridedOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        int axis = inputs.Axis(Axis, x.Rank);
        return Count >= 0
            ? [new TensorType(inputs.DType(0), x.With(axis, x[axis] * Count))]
            : throw inputs.Fail($"{Count} repeats", "0 or more");
    }

    internal override StridedCopy Layout(Shape x, Shape y)
    {
        int axis = (Axis < 0 ? Axis + x.Rank : Axis) + 1;
        List<int> sizes = [.. x.Dims], strides = [.. x.Strides()];
        sizes.Insert(axis, Count);
        strides.Insert(axis, 0);
        return new StridedCopy(0, [.. sizes], [.. strides]);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Each slice along an axis repeated in place.</summary>
    public Value Repeat(Value x, int axis, int count) => Apply(new Repeat(axis, count), x);
}
