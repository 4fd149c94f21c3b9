using KerasCompat.Runtime;

namespace KerasCompat.Text;

/// <summary>Picks rows (elements of the first axis) of a tensor.</summary>
internal static class TensorRows
{
    /// <summary>The rows in the order of their indices: shape <c>(rows.Count, …row)</c>.</summary>
    public static Tensor Pick(Tensor source, IReadOnlyList<int> rows)
    {
        Tensor picked = Tensor.Zeros(source.DType, new Shape([rows.Count, .. source.Shape.Dims[1..]]));
        for (int i = 0; i < rows.Count; i++)
        {
            source.Rows(rows[i], 1).CopyTo(picked.Rows(i, 1));
        }

        return picked;
    }

    /// <summary>Windows of rows: shape <c>(windows.Count, length, …row)</c>.</summary>
    public static Tensor PickWindows(Tensor source, IReadOnlyList<int[]> windows, int length) =>
        Pick(source, [.. windows.SelectMany(w => w)]).Reshape(new Shape([windows.Count, length, .. source.Shape.Dims[1..]]));
}
