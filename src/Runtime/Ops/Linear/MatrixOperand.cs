namespace KerasCompat.Runtime;

/// <summary>An operand of a batch of matrix products as it lies in memory, its axes perhaps in another order than the product's.</summary>
/// <param name="Shape">The sizes in the product's order: batch…, rows, columns.</param>
/// <param name="Strides">Elements between neighbours along each of these axes.</param>
internal sealed record MatrixOperand(int[] Shape, int[] Strides)
{
    public int Rows => Shape[^2];

    public int Columns => Shape[^1];

    public int RowStride => Strides[^2];

    public int ColumnStride => Strides[^1];

    /// <summary>True where the elements lie in the product's order.</summary>
    public bool IsPlain { get; private init; }

    /// <summary>A value whose axes are read in an order; null for the order they have.</summary>
    public static MatrixOperand Read(Shape value, EquatableList<int>? perm)
    {
        int[] strides = value.Strides();
        return perm is null
            ? new MatrixOperand(value.Dims.ToArray(), strides) { IsPlain = true }
            : new MatrixOperand([.. perm.Select(axis => value[axis])], [.. perm.Select(axis => strides[axis])]);
    }

    /// <summary>A value whose axes are the product's in an order; null for the product's own order.</summary>
    public static MatrixOperand Write(Shape value, EquatableList<int>? perm) =>
        Read(value, perm is null ? null : [.. Enumerable.Range(0, perm.Count).OrderBy(i => perm[i])]);

    /// <summary>Where the matrix of each element of the batch axes begins; axes of size 1 repeat.</summary>
    public int[] Offsets(ReadOnlySpan<int> batch)
    {
        int[] offsets = [0];
        for (int axis = 0; axis < batch.Length; axis++)
        {
            int own = axis - (batch.Length - (Shape.Length - 2));
            int stride = own < 0 || Shape[own] == 1 ? 0 : Strides[own], size = batch[axis];
            offsets = [.. offsets.SelectMany(o => Enumerable.Range(0, size).Select(i => o + (i * stride)))];
        }

        return offsets;
    }
}
