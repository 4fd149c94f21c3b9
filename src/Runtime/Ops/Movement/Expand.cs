namespace KerasCompat.Runtime;

/// <summary>The input repeated along axes of size 1 until it has a shape, as numpy's <c>broadcast_to</c>. ONNX Expand with the shape as an attribute.</summary>
/// <param name="Shape">The new shape, to which the input broadcasts.</param>
public sealed record Expand(SymbolicShape Shape) : StridedOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        bool fits = x.Rank <= Shape.Rank;
        for (int axis = 1; fits && axis <= x.Rank; axis++)
        {
            fits = x[-axis] == Dim.One || !x[-axis].IsConstant || !Shape[-axis].IsConstant || x[-axis] == Shape[-axis];
        }

        return fits
            ? [new TensorType(inputs.DType(0), Shape)]
            : throw inputs.Fail($"shape {x} for {Shape}", "a shape that broadcasts to it");
    }

    internal override StridedCopy Layout(Shape x, Shape y)
    {
        int[] own = x.Strides(), strides = new int[y.Rank];
        for (int axis = 1; axis <= x.Rank; axis++)
        {
            if (x[-axis] != 1 && x[-axis] != y[-axis])
            {
                throw new ArgumentException($"Shape {x} does not broadcast to {y}.");
            }

            strides[^axis] = x[-axis] == 1 ? 0 : own[^axis];
        }

        return new StridedCopy(0, y.Dims, strides);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The value broadcast to a shape; itself where it has that shape.</summary>
    public Value Expand(Value x, SymbolicShape shape) => x.Shape.Equals(shape) ? x : Apply(new Expand(shape), x);
}
