using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The innermost product: a tile of up to 12 rows by one or two registers of columns, held in registers while k runs.
/// Each step loads one row of the panel of B and multiplies it by one broadcast float of each row of A:
/// 12 rows · 2 registers = 24 sums, enough to keep two multiply-add units of latency 4 busy, with 3 of AVX-512's 32
/// registers for operands; 6 rows for the sets with 16 registers.
/// </summary>
/// <remarks>
/// Every sum runs over k in order, one multiply-add a step, so it does not depend on the tile it is computed in. Rows of
/// A lie <see cref="GemmBlocks.RowStride"/> apart, a constant, so that one pointer reaches them all. A tile at the edge
/// computes all its rows and columns and keeps those that exist. The rows are twelve variables and not an array, because
/// only variables live in registers; those that a smaller tile lacks cost nothing.
/// </remarks>
internal static unsafe class Tile<V, TSums, TRows>
    where V : struct, ILanes<V>
    where TSums : struct, ITileSums<TSums, V>
    where TRows : struct, ITileRows
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Multiply(float* a, float* b, int depth, in TileTarget target)
    {
        TSums c0 = default, c1 = default, c2 = default, c3 = default;
        TSums c4 = default, c5 = default, c6 = default, c7 = default;
        TSums c8 = default, c9 = default, c10 = default, c11 = default;
        int width = TSums.Registers * V.Count;
        byte* ahead = target.Ahead;
        nint aheadStep = target.AheadStep;
        for (float* end = b + ((nint)depth * width); b != end; b += width, a++)
        {
            // A panel of one register is the last of its rows of B.
            if (TSums.Registers > 1)
            {
                Prefetch.ToSecondLevel(ahead);
                ahead += aheadStep;
            }

            Each(new AddProduct<TSums, V>(a, TSums.Load(b)), ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9, ref c10, ref c11);
        }

        float* c = target.C;
        nint stride = target.Stride;
        bool atEdge = target.Rows < TRows.Count || target.Columns < width;
        if (atEdge)
        {
            // The whole tile goes to the stack, and from there what exists of it.
            float* tile = stackalloc float[TRows.Count * width];
            c = tile;
            stride = width;
        }
        else
        {
            for (int i = 0; i < TileTarget.Addends; i++)
            {
                float* addend = target.Addend(i, out nint addendStride);
                if (addend != null)
                {
                    Each(new AddMatrix<TSums, V>(addend, addendStride), ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9, ref c10, ref c11);
                }
            }

            if (target.Clamp)
            {
                Each(new ClampSums<TSums, V>(V.Broadcast(target.Low), V.Broadcast(target.High)), ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9, ref c10, ref c11);
            }
        }

        Each(new StoreSums<TSums, V>(c, stride), ref c0, ref c1, ref c2, ref c3, ref c4, ref c5, ref c6, ref c7, ref c8, ref c9, ref c10, ref c11);
        if (atEdge)
        {
            target.Finish<V>(c, width);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Each<TStep>(
        TStep step, ref TSums c0, ref TSums c1, ref TSums c2, ref TSums c3, ref TSums c4, ref TSums c5, ref TSums c6, ref TSums c7,
        ref TSums c8, ref TSums c9, ref TSums c10, ref TSums c11)
        where TStep : struct, IRowStep<TSums>
    {
        step.Apply(0, ref c0);
        step.Apply(1, ref c1);
        step.Apply(2, ref c2);
        step.Apply(3, ref c3);
        if (TRows.Count > 4)
        {
            step.Apply(4, ref c4);
            step.Apply(5, ref c5);
        }

        if (TRows.Count > 6)
        {
            step.Apply(6, ref c6);
            step.Apply(7, ref c7);
        }

        if (TRows.Count > 8)
        {
            step.Apply(8, ref c8);
            step.Apply(9, ref c9);
        }

        if (TRows.Count > 10)
        {
            step.Apply(10, ref c10);
            step.Apply(11, ref c11);
        }
    }
}
