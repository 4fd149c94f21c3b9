using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// One block of a product: for each <see cref="GemmBlocks.Depth"/> steps of k its rows of A are copied, then each panel of B passes all
/// tiles of rows.
/// </summary>
internal unsafe struct ProductBlock<TSource> : ILaneBody
    where TSource : struct, IRowSource
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

    /// <summary>Memory for the copied rows.</summary>
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
