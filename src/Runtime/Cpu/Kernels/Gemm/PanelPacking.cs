using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Copies a matrix of any strides into <see cref="Panels"/>.</summary>
internal readonly unsafe struct PanelPacking(
    float* source, nint rowStride, nint columnStride, int depth, int columns, float* target) : ILaneBody
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>()
        where V : struct, ILanes<V>
    {
        Panels panels = new(target, depth, columns);
        for (int column = 0; column < columns; column += 2 * V.Count)
        {
            int width = panels.Registers<V>(column) * V.Count;
            int count = Math.Min(width, columns - column);
            float* from = source + (column * columnStride);
            float* to = panels.At<V>(column, 0);
            if (columnStride == 1)
            {
                CopyPanel<V>(from, to, width, count);
            }
            else
            {
                TransposePanel<V>(from, to, width, count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void CopyPanel<V>(float* from, float* to, int width, int count)
        where V : struct, ILanes<V>
    {
        for (int row = 0; row < depth; row++)
        {
            for (int i = 0; i < width; i += V.Count)
            {
                V.Store(count - i >= V.Count ? V.Load(from + i) : V.LoadPartial(from + i, Math.Max(0, count - i)), to + i);
            }

            from += rowStride;
            to += width;
        }
    }

    // Column after column: with rows next to each other (B given transposed) the reads are in order.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TransposePanel<V>(float* from, float* to, int width, int count)
        where V : struct, ILanes<V>
    {
        int column = 0;
        if (rowStride == 1)
        {
            for (; column + BlockTranspose.Size <= count; column += BlockTranspose.Size)
            {
                int row = 0;
                for (; row + BlockTranspose.Size <= depth; row += BlockTranspose.Size)
                {
                    BlockTranspose.Run(from + (column * columnStride) + row, columnStride, to + ((nint)row * width) + column, width);
                }

                for (; row < depth; row++)
                {
                    for (int i = 0; i < BlockTranspose.Size; i++)
                    {
                        to[((nint)row * width) + column + i] = from[((column + i) * columnStride) + row];
                    }
                }
            }
        }

        for (; column < width; column++)
        {
            for (int row = 0; row < depth; row++)
            {
                to[((nint)row * width) + column] = column < count ? from[(column * columnStride) + (row * rowStride)] : 0f;
            }
        }
    }
}
