namespace KerasCompat.Runtime;

/// <summary>A tensor seen from one axis: so many outer positions, the axis, and so many elements inside each step of it.</summary>
internal readonly record struct AxisSplit(int Outer, int Size, int Inner)
{
    public static AxisSplit Of(Shape shape, int axis)
    {
        axis = axis < 0 ? axis + shape.Rank : axis;
        return new AxisSplit(shape.Product(0, axis), shape[axis], shape.Product(axis + 1, shape.Rank));
    }
}
