namespace KerasCompat.Runtime;

/// <summary>A shape seen from one axis: lines along it, <see cref="Inner"/> elements from neighbour to neighbour.</summary>
/// <param name="Outer">Number of blocks before the axis.</param>
/// <param name="Size">Elements of a line.</param>
/// <param name="Inner">Number of lines of a block.</param>
internal readonly record struct AxisLines(int Outer, int Size, int Inner)
{
    public static AxisLines Of(Shape shape, int axis)
    {
        axis = axis < 0 ? axis + shape.Rank : axis;
        return new AxisLines(shape.Product(0, axis), shape[axis], shape.Product(axis + 1, shape.Rank));
    }
}
