using System.Runtime.CompilerServices;

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

        // As many blocks of rows as threads, or a multiple of that; and blocks of columns when rows are too few.
        int rowParts = (rows + GemmBlocks.Rows - 1) / GemmBlocks.Rows;
        rowParts = rowParts >= wanted ? GemmBlocks.RoundUp(rowParts, wanted) : rowParts;
        _rowsPerPart = Math.Min(GemmBlocks.Rows, GemmBlocks.RoundUp((rows + rowParts - 1) / rowParts, tileRows));
        rowParts = (rows + _rowsPerPart - 1) / _rowsPerPart;
        int columnParts = rowParts >= wanted ? 1 : Math.Min(2 * wanted, (b.Columns + width - 1) / width);
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
        BlockBody body = new()
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

    private struct BlockBody : ILaneBody
    {
        public TSource Source;
        public Panels B;
        public float* C;
        public nint Stride;
        public int FirstRow;
        public int Rows;
        public int FirstColumn;
        public int Columns;
        public Epilogue Epilogue;
        public float* Block;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            int step = 0;
            do
            {
                int depth = Math.Min(GemmBlocks.Depth, B.Depth - step);
                Source.CopyRows<V>(Block, FirstRow, Rows, step, depth);
                bool last = step + depth == B.Depth;
                for (int column = 0; column < Columns; column += TileShape<V>.Width)
                {
                    Panel<V>(column, step, depth, last);
                }

                step += depth;
            }
            while (step < B.Depth);

            Epilogue.Activate(C, Stride, Rows, Columns);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Panel<V>(int column, int step, int depth, bool last)
            where V : struct, ILanes<V>
        {
            float* panel = B.At<V>(FirstColumn + column, step);
            int registers = B.Registers<V>(FirstColumn + column);
            bool first = step == 0;
            bool isClamp = Epilogue.IsClamp(out float low, out float high);
            TileTarget target = new()
            {
                Stride = Stride,
                Columns = Math.Min(TileShape<V>.Width, Columns - column),
                Accumulate = !first || Epilogue.Accumulate,
                Bias = first && Epilogue.Bias != null ? Epilogue.Bias + column : null,
                Clamp = last && isClamp,
                Low = low,
                High = high,
                ResidualStride = Epilogue.ResidualStride,
            };
            // Weights are often larger than the caches. While the rows pass this panel, the next one is fetched, a part with each tile.
            int tiles = (Rows + TileShape<V>.Rows - 1) / TileShape<V>.Rows;
            int beyond = column + TileShape<V>.Width;
            byte* next = (byte*)(beyond < Columns ? B.At<V>(FirstColumn + beyond, step) : panel + ((nint)depth * registers * V.Count));
            target.AheadStep = TileShape<V>.Width * sizeof(float) / tiles;
            for (int row = 0; row < Rows; row += TileShape<V>.Rows)
            {
                target.Ahead = next;
                next += target.AheadStep * depth;
                target.C = C + (row * Stride) + column;
                target.Rows = Math.Min(TileShape<V>.Rows, Rows - row);
                target.Residual = first && Epilogue.Residual != null
                    ? Epilogue.Residual + (row * Epilogue.ResidualStride) + column
                    : null;
                TileTable.Multiply<V>(Block + (row * GemmBlocks.RowStride), panel, depth, registers, target);
            }
        }
    }
}

/// <summary>The tile for a number of rows: the smallest that holds them.</summary>
internal static unsafe class TileTable
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<V>(float* a, float* b, int depth, int registers, in TileTarget target)
        where V : struct, ILanes<V>
    {
        if (target.Rows <= 4)
        {
            Tile.Multiply<V, Rows4>(a, b, depth, registers, target);
        }
        else if (target.Rows <= 6)
        {
            Tile.Multiply<V, Rows6>(a, b, depth, registers, target);
        }
        else if (TileShape<V>.Rows == 12)
        {
            if (target.Rows <= 8)
            {
                Tile.Multiply<V, Rows8>(a, b, depth, registers, target);
            }
            else if (target.Rows <= 10)
            {
                Tile.Multiply<V, Rows10>(a, b, depth, registers, target);
            }
            else
            {
                Tile.Multiply<V, Rows12>(a, b, depth, registers, target);
            }
        }
    }
}
