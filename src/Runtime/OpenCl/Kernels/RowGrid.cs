namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Work over the elements of a matrix, cut so that no element divides to find its place and neighbours read side by side.</summary>
/// <remarks>On a CPU an item walks a piece of a row, a loop that its compiler makes vectors of. On a GPU each element is an item, and those of a long row are one group.</remarks>
/// <param name="device">The device.</param>
/// <param name="rows">Rows.</param>
/// <param name="width">Elements of a row.</param>
internal readonly struct RowGrid(DeviceProperties device, int rows, int width)
{
    /// <summary>Shorter rows would leave too many items of a GPU's group idle.</summary>
    private const int LongRow = 24;

    /// <summary>Elements of a row that one item of a CPU walks, and the rows of a group where there are many.</summary>
    private const int Piece = 4096, GroupRows = 8;

    /// <summary>Declares what <see cref="Head"/> and <see cref="Each"/> read.</summary>
    public const string Parameters = "int rows, int width";

    public WorkRange Range => device.IsCpu
        ? WorkRange.Plane(rows, (width + Piece - 1) / Piece, rows < 16 * GroupRows ? 1 : GroupRows)
        : width >= LongRow ? WorkRange.Rows(rows, width, 64) : WorkRange.Line((long)rows * width);

    /// <summary>Finds the <c>row</c>.</summary>
    public string Head => device.IsCpu ? "int row = (int)get_global_id(0);"
        : width >= LongRow ? "int row = (int)get_global_id(0), column = (int)get_global_id(1);"
        : "int row = (int)get_global_id(0) / width, column = (int)get_global_id(0) % width;";

    /// <summary>Stands before the block of what is done at each <c>column</c>. What depends on the row alone stands before it.</summary>
    public string Each => device.IsCpu
        ? $"if (row < rows) for (int column = (int)get_global_id(1) * {Piece}, end = min(width, column + {Piece}); column < end; column++)"
        : width >= LongRow ? "if (column < width)" : "if (row < rows)";

    public IEnumerable<KernelArgument> Arguments => KernelArgument.All([rows, width]);
}
