namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The right matrix of a product, rearranged once for many products: weights. It belongs to the kernel set that was
/// active when it was made.
/// </summary>
internal sealed unsafe class PackedMatrix
{
    /// <summary>
    /// Up to this many columns are kept as columns for dot products: a panel would be mostly padding, and a
    /// Dense(1) after Flatten is the largest matrix of a small net.
    /// </summary>
    private const int FewColumns = 3;

    private readonly AlignedBuffer _data;

    /// <summary>Packs element (row, column) from <c>source[row · rowStride + column · columnStride]</c>.</summary>
    /// <param name="source">The elements.</param>
    /// <param name="rows">k.</param>
    /// <param name="columns">n.</param>
    /// <param name="rowStride">Floats from row to row.</param>
    /// <param name="columnStride">Floats from column to column.</param>
    /// <param name="panelsOnly">Whether few columns are to be kept in panels too.</param>
    public PackedMatrix(float* source, int rows, int columns, nint rowStride, nint columnStride, bool panelsOnly = false)
    {
        Set = KernelTable.Active;
        Rows = rows;
        Columns = columns;
        int lanes = KernelTable.Lanes(Set);
        IsColumns = !panelsOnly && columns <= FewColumns && columns < lanes;
        if (IsColumns)
        {
            _data = new AlignedBuffer((nint)rows * columns);
            for (int column = 0; column < columns; column++)
            {
                for (int row = 0; row < rows; row++)
                {
                    _data.Pointer[((nint)column * rows) + row] = source[(row * rowStride) + (column * columnStride)];
                }
            }
        }
        else
        {
            _data = new AlignedBuffer(Kernels.Panels.Floats(rows, columns, lanes));
            KernelTable.Run(Set, new PanelPacking(source, rowStride, columnStride, rows, columns, _data.Pointer));
        }
    }

    /// <summary>Puts every element back where it was packed from, bit for bit: element (row, column) to <c>target[row · rowStride + column · columnStride]</c>.</summary>
    public void Unpack(float* target, nint rowStride, nint columnStride)
    {
        int width = IsColumns ? 1 : 2 * KernelTable.Lanes(Set);
        for (int first = 0; first < Columns; first += width)
        {
            // The last panel may be narrower, and only its first columns are the matrix's.
            int count = Math.Min(width, Columns - first);
            int step = IsColumns ? 1 : GemmBlocks.RoundUp(count, KernelTable.Lanes(Set));
            float* from = _data.Pointer + ((nint)first * Rows);
            for (int row = 0; row < Rows; row++, from += step)
            {
                float* to = target + (row * rowStride) + (first * columnStride);
                for (int column = 0; column < count; column++)
                {
                    to[column * columnStride] = from[column];
                }
            }
        }

        GC.KeepAlive(this);
    }

    /// <summary>Packs a (k, n) matrix stored row after row.</summary>
    public static PackedMatrix FromRows(ReadOnlySpan<float> source, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, checked(rows * columns));
        fixed (float* start = source)
        {
            return new PackedMatrix(start, rows, columns, columns, 1);
        }
    }

    /// <summary>Packs the transpose of an (n, k) matrix stored row after row.</summary>
    public static PackedMatrix FromTransposed(ReadOnlySpan<float> source, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(source.Length, checked(rows * columns));
        fixed (float* start = source)
        {
            return new PackedMatrix(start, rows, columns, 1, rows);
        }
    }

    public KernelSet Set { get; }

    /// <summary>k, the length of the sums.</summary>
    public int Rows { get; }

    /// <summary>n, the columns of the product.</summary>
    public int Columns { get; }

    /// <summary>Whether the matrix is kept column after column instead of in panels.</summary>
    public bool IsColumns { get; }

    /// <summary>Memory held, in floats.</summary>
    public int Floats => _data.Length;

    public Panels Panels => new(_data.Pointer, Rows, Columns);

    public float* ColumnData => _data.Pointer;
}
