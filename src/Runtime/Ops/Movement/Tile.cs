namespace KerasCompat.Runtime;

/// <summary>The whole input repeated along each axis. ONNX Tile with the repeats as an attribute that may hold symbols.</summary>
/// <param name="Repeats">How often, for each axis.</param>
public sealed record Tile(SymbolicShape Repeats) : StridedOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        return Repeats.Rank == x.Rank
            ? [new TensorType(inputs.DType(0), new SymbolicShape(x.Zip(Repeats, (size, repeat) => size * repeat)))]
            : throw inputs.Fail($"{Repeats.Rank} repeats for shape {x}", $"{x.Rank} repeats");
    }

    internal override StridedCopy Layout(Shape x, Shape y)
    {
        // Each axis in two: the repeats, along which the input stands still, and the axis itself.
        int[] own = x.Strides(), sizes = new int[2 * x.Rank], strides = new int[2 * x.Rank];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            sizes[2 * axis] = x[axis] == 0 ? 0 : y[axis] / x[axis];
            sizes[(2 * axis) + 1] = x[axis];
            strides[(2 * axis) + 1] = own[axis];
        }

        return new StridedCopy(0, sizes, strides);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The whole value repeated along each axis. Fewer repeats than axes count from the last axis, more add axes in front, as numpy's.</summary>
    public Value Tile(Value x, SymbolicShape repeats)
    {
        Value padded = Reshape(x, new SymbolicShape([.. Enumerable.Repeat(Dim.One, Math.Max(repeats.Rank - x.Rank, 0)), .. x.Shape]));
        return Apply(new Tile(new SymbolicShape([.. Enumerable.Repeat(Dim.One, padded.Rank - repeats.Rank), .. repeats])), padded);
    }
}
