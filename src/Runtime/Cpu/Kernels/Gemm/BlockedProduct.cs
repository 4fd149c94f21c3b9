namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// C = A·B for more than a few rows. C is cut into blocks of rows and, where there are few rows, of columns; each block
/// is one part for the threads and runs over all of k itself, so no sum is ever shared.
/// </summary>
/// <remarks>
/// In a part, for each <see cref="GemmBlocks.Depth"/> steps of k: copy the rows of A, then for each panel of B all
/// tiles of rows. The panel stays in the first-level cache meanwhile. After the last steps the block is complete and
/// gets its activation.
/// </remarks>
internal unsafe struct BlockedProduct<TSource>(
    TSource source, Panels b, KernelSet set, float* c, nint stride, int rows, Epilogue epilogue) : IParallelBody
    where TSource : struct, IRowSource
{
    /// <summary>Multiply-adds below which a second thread costs more than it saves.</summary>
    private const long SerialWork = 1 << 18;

    private int _rowsPerPart;
    private int _columnsPerPart;
    private int _columnParts;
    private float* _workspace;

    public void Run(Span<float> workspace)
    {
        int perThread = GemmBlocks.RowBlockFloats(rows);
        int threads = workspace.Length / Math.Max(1, perThread);
        ArgumentOutOfRangeException.ThrowIfLessThan(workspace.Length, perThread, nameof(workspace));
        bool serial = (long)rows * b.Columns * b.Depth < SerialWork;
        int wanted = serial ? 1 : Math.Min(threads, CpuThreads.Count);
        int tileRows = set == KernelSet.Avx512 ? 12 : 6;
        int width = 2 * KernelTable.Lanes(set);

        // As many blocks of rows as threads, or a multiple of that; and blocks of columns when rows are too few, if there are panels
        // enough.
        int panels = (b.Columns + width - 1) / width;
        int rowParts = (rows + GemmBlocks.Rows - 1) / GemmBlocks.Rows;
        rowParts = rowParts >= wanted || panels < wanted ? GemmBlocks.RoundUp(rowParts, wanted) : rowParts;
        _rowsPerPart = Math.Min(GemmBlocks.Rows, GemmBlocks.RoundUp((rows + rowParts - 1) / rowParts, tileRows));
        rowParts = (rows + _rowsPerPart - 1) / _rowsPerPart;
        int columnParts = rowParts >= wanted ? 1 : Math.Min(2 * wanted, panels);
        _columnsPerPart = GemmBlocks.RoundUp((b.Columns + columnParts - 1) / columnParts, width);
        _columnParts = (b.Columns + _columnsPerPart - 1) / _columnsPerPart;

        fixed (float* start = workspace)
        {
            _workspace = start;
            CpuThreads.For(rowParts * _columnParts, this, wanted);
        }
    }

    public void Run(int part, int slot)
    {
        int row = part / _columnParts * _rowsPerPart;
        int column = part % _columnParts * _columnsPerPart;
        ProductBlock<TSource> body = new()
        {
            Source = source,
            B = b,
            C = c + (row * stride) + column,
            Stride = stride,
            FirstRow = row,
            Rows = Math.Min(_rowsPerPart, rows - row),
            FirstColumn = column,
            Columns = Math.Min(_columnsPerPart, b.Columns - column),
            Epilogue = epilogue.At(row, column),
            Block = _workspace + ((nint)slot * GemmBlocks.RowBlockFloats(rows)),
        };
        KernelTable.Run(set, body);
    }
}
