using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The left matrix of a product, as something that can copy a block of its rows: a matrix, or an image's windows.</summary>
internal unsafe interface IRowSource
{
    /// <summary>
    /// Copies columns <paramref name="firstColumn"/> … of rows <paramref name="firstRow"/> … to rows that lie
    /// <see cref="GemmBlocks.RowStride"/> apart.
    /// </summary>
    void CopyRows<V>(float* target, int firstRow, int rows, int firstColumn, int columns)
        where V : struct, ILanes<V>;
}

/// <summary>A matrix in memory, row after row.</summary>
internal readonly unsafe struct MatrixRows(float* a, nint stride) : IRowSource
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyRows<V>(float* target, int firstRow, int rows, int firstColumn, int columns)
        where V : struct, ILanes<V>
    {
        float* source = a + (firstRow * stride) + firstColumn;
        for (int row = 0; row < rows; row++)
        {
            RowCopy.Copy<V>(source, target, columns);
            source += stride;
            target += GemmBlocks.RowStride;
        }
    }
}

/// <summary>Copies of short runs of floats, without the call that a memory move costs.</summary>
internal static unsafe class RowCopy
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Copy<V>(float* source, float* target, int count)
        where V : struct, ILanes<V>
    {
        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V.Store(V.Load(source + i), target + i);
        }

        if (i < count)
        {
            V.StorePartial(V.LoadPartial(source + i, count - i), target + i, count - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Clear<V>(float* target, int count)
        where V : struct, ILanes<V>
    {
        int i = 0;
        for (; i <= count - V.Count; i += V.Count)
        {
            V.Store(V.Zero, target + i);
        }

        if (i < count)
        {
            V.StorePartial(V.Zero, target + i, count - i);
        }
    }
}
