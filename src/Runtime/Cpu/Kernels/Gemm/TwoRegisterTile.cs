using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The innermost product: a tile of up to 12 rows by two registers of columns, held in registers while k runs.
/// Each step loads one row of the panel of B and multiplies it by one broadcast float of each row of A:
/// 12 rows · 2 registers = 24 sums, enough to keep two multiply-add units of latency 4 busy, with 3 of AVX-512's 32
/// registers for operands; 6 rows for the sets with 16 registers.
/// </summary>
/// <remarks>
/// Every sum runs over k in order, one multiply-add a step, so it does not depend on the tile it is computed in. Rows of
/// A lie <see cref="GemmBlocks.RowStride"/> apart, a constant, so that one pointer reaches them all. A tile at the edge
/// computes all its rows and columns and keeps those that exist. Every sum is a variable of its own, and what is done to all
/// of them is written out: arrays do not live in registers, and of types for rows or methods that are called for each row
/// .NET 9's compiler, which the native tool is built with, leaves some in memory.
/// </remarks>
internal static unsafe class TwoRegisterTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Multiply<V, TRows>(float* a, float* b, int depth, in TileTarget target)
        where V : struct, ILanes<V>
        where TRows : struct, ITileRows
    {
        V c0_0 = V.Zero, c0_1 = V.Zero;
        V c1_0 = V.Zero, c1_1 = V.Zero;
        V c2_0 = V.Zero, c2_1 = V.Zero;
        V c3_0 = V.Zero, c3_1 = V.Zero;
        V c4_0 = V.Zero, c4_1 = V.Zero;
        V c5_0 = V.Zero, c5_1 = V.Zero;
        V c6_0 = V.Zero, c6_1 = V.Zero;
        V c7_0 = V.Zero, c7_1 = V.Zero;
        V c8_0 = V.Zero, c8_1 = V.Zero;
        V c9_0 = V.Zero, c9_1 = V.Zero;
        V c10_0 = V.Zero, c10_1 = V.Zero;
        V c11_0 = V.Zero, c11_1 = V.Zero;
        int width = 2 * V.Count;
        byte* ahead = target.Ahead;
        nint aheadStep = target.AheadStep;
        for (float* end = b + ((nint)depth * width); b != end; b += width, a++, ahead += aheadStep)
        {
            Prefetch.ToSecondLevel(ahead);
            V b0 = V.Load(b);
            V b1 = V.Load(b + V.Count);
            V x;
            x = V.Broadcast(a[0 * GemmBlocks.RowStride]);
            c0_0 = V.MultiplyAdd(x, b0, c0_0);
            c0_1 = V.MultiplyAdd(x, b1, c0_1);
            x = V.Broadcast(a[1 * GemmBlocks.RowStride]);
            c1_0 = V.MultiplyAdd(x, b0, c1_0);
            c1_1 = V.MultiplyAdd(x, b1, c1_1);
            x = V.Broadcast(a[2 * GemmBlocks.RowStride]);
            c2_0 = V.MultiplyAdd(x, b0, c2_0);
            c2_1 = V.MultiplyAdd(x, b1, c2_1);
            x = V.Broadcast(a[3 * GemmBlocks.RowStride]);
            c3_0 = V.MultiplyAdd(x, b0, c3_0);
            c3_1 = V.MultiplyAdd(x, b1, c3_1);
            if (TRows.Count > 4)
            {
                x = V.Broadcast(a[4 * GemmBlocks.RowStride]);
                c4_0 = V.MultiplyAdd(x, b0, c4_0);
                c4_1 = V.MultiplyAdd(x, b1, c4_1);
                x = V.Broadcast(a[5 * GemmBlocks.RowStride]);
                c5_0 = V.MultiplyAdd(x, b0, c5_0);
                c5_1 = V.MultiplyAdd(x, b1, c5_1);
            }

            if (TRows.Count > 6)
            {
                x = V.Broadcast(a[6 * GemmBlocks.RowStride]);
                c6_0 = V.MultiplyAdd(x, b0, c6_0);
                c6_1 = V.MultiplyAdd(x, b1, c6_1);
                x = V.Broadcast(a[7 * GemmBlocks.RowStride]);
                c7_0 = V.MultiplyAdd(x, b0, c7_0);
                c7_1 = V.MultiplyAdd(x, b1, c7_1);
            }

            if (TRows.Count > 8)
            {
                x = V.Broadcast(a[8 * GemmBlocks.RowStride]);
                c8_0 = V.MultiplyAdd(x, b0, c8_0);
                c8_1 = V.MultiplyAdd(x, b1, c8_1);
                x = V.Broadcast(a[9 * GemmBlocks.RowStride]);
                c9_0 = V.MultiplyAdd(x, b0, c9_0);
                c9_1 = V.MultiplyAdd(x, b1, c9_1);
            }

            if (TRows.Count > 10)
            {
                x = V.Broadcast(a[10 * GemmBlocks.RowStride]);
                c10_0 = V.MultiplyAdd(x, b0, c10_0);
                c10_1 = V.MultiplyAdd(x, b1, c10_1);
                x = V.Broadcast(a[11 * GemmBlocks.RowStride]);
                c11_0 = V.MultiplyAdd(x, b0, c11_0);
                c11_1 = V.MultiplyAdd(x, b1, c11_1);
            }
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

        for (int i = 0; i < TileTarget.Addends && !atEdge; i++)
        {
            float* addend = target.Addend(i, out nint addendStride);
            if (addend == null)
            {
                continue;
            }

            c0_0 += V.Load(addend);
            c0_1 += V.Load(addend + V.Count);
            c1_0 += V.Load(addend + addendStride);
            c1_1 += V.Load(addend + addendStride + V.Count);
            c2_0 += V.Load(addend + (2 * addendStride));
            c2_1 += V.Load(addend + (2 * addendStride) + V.Count);
            c3_0 += V.Load(addend + (3 * addendStride));
            c3_1 += V.Load(addend + (3 * addendStride) + V.Count);
            if (TRows.Count > 4)
            {
                c4_0 += V.Load(addend + (4 * addendStride));
                c4_1 += V.Load(addend + (4 * addendStride) + V.Count);
                c5_0 += V.Load(addend + (5 * addendStride));
                c5_1 += V.Load(addend + (5 * addendStride) + V.Count);
            }

            if (TRows.Count > 6)
            {
                c6_0 += V.Load(addend + (6 * addendStride));
                c6_1 += V.Load(addend + (6 * addendStride) + V.Count);
                c7_0 += V.Load(addend + (7 * addendStride));
                c7_1 += V.Load(addend + (7 * addendStride) + V.Count);
            }

            if (TRows.Count > 8)
            {
                c8_0 += V.Load(addend + (8 * addendStride));
                c8_1 += V.Load(addend + (8 * addendStride) + V.Count);
                c9_0 += V.Load(addend + (9 * addendStride));
                c9_1 += V.Load(addend + (9 * addendStride) + V.Count);
            }

            if (TRows.Count > 10)
            {
                c10_0 += V.Load(addend + (10 * addendStride));
                c10_1 += V.Load(addend + (10 * addendStride) + V.Count);
                c11_0 += V.Load(addend + (11 * addendStride));
                c11_1 += V.Load(addend + (11 * addendStride) + V.Count);
            }
        }

        if (target.Clamp && !atEdge)
        {
            V low = V.Broadcast(target.Low);
            V high = V.Broadcast(target.High);
            c0_0 = V.Min(high, V.Max(low, c0_0));
            c0_1 = V.Min(high, V.Max(low, c0_1));
            c1_0 = V.Min(high, V.Max(low, c1_0));
            c1_1 = V.Min(high, V.Max(low, c1_1));
            c2_0 = V.Min(high, V.Max(low, c2_0));
            c2_1 = V.Min(high, V.Max(low, c2_1));
            c3_0 = V.Min(high, V.Max(low, c3_0));
            c3_1 = V.Min(high, V.Max(low, c3_1));
            if (TRows.Count > 4)
            {
                c4_0 = V.Min(high, V.Max(low, c4_0));
                c4_1 = V.Min(high, V.Max(low, c4_1));
                c5_0 = V.Min(high, V.Max(low, c5_0));
                c5_1 = V.Min(high, V.Max(low, c5_1));
            }

            if (TRows.Count > 6)
            {
                c6_0 = V.Min(high, V.Max(low, c6_0));
                c6_1 = V.Min(high, V.Max(low, c6_1));
                c7_0 = V.Min(high, V.Max(low, c7_0));
                c7_1 = V.Min(high, V.Max(low, c7_1));
            }

            if (TRows.Count > 8)
            {
                c8_0 = V.Min(high, V.Max(low, c8_0));
                c8_1 = V.Min(high, V.Max(low, c8_1));
                c9_0 = V.Min(high, V.Max(low, c9_0));
                c9_1 = V.Min(high, V.Max(low, c9_1));
            }

            if (TRows.Count > 10)
            {
                c10_0 = V.Min(high, V.Max(low, c10_0));
                c10_1 = V.Min(high, V.Max(low, c10_1));
                c11_0 = V.Min(high, V.Max(low, c11_0));
                c11_1 = V.Min(high, V.Max(low, c11_1));
            }
        }

        V.Store(c0_0, c);
        V.Store(c0_1, c + V.Count);
        V.Store(c1_0, c + stride);
        V.Store(c1_1, c + stride + V.Count);
        V.Store(c2_0, c + (2 * stride));
        V.Store(c2_1, c + (2 * stride) + V.Count);
        V.Store(c3_0, c + (3 * stride));
        V.Store(c3_1, c + (3 * stride) + V.Count);
        if (TRows.Count > 4)
        {
            V.Store(c4_0, c + (4 * stride));
            V.Store(c4_1, c + (4 * stride) + V.Count);
            V.Store(c5_0, c + (5 * stride));
            V.Store(c5_1, c + (5 * stride) + V.Count);
        }

        if (TRows.Count > 6)
        {
            V.Store(c6_0, c + (6 * stride));
            V.Store(c6_1, c + (6 * stride) + V.Count);
            V.Store(c7_0, c + (7 * stride));
            V.Store(c7_1, c + (7 * stride) + V.Count);
        }

        if (TRows.Count > 8)
        {
            V.Store(c8_0, c + (8 * stride));
            V.Store(c8_1, c + (8 * stride) + V.Count);
            V.Store(c9_0, c + (9 * stride));
            V.Store(c9_1, c + (9 * stride) + V.Count);
        }

        if (TRows.Count > 10)
        {
            V.Store(c10_0, c + (10 * stride));
            V.Store(c10_1, c + (10 * stride) + V.Count);
            V.Store(c11_0, c + (11 * stride));
            V.Store(c11_1, c + (11 * stride) + V.Count);
        }

        if (atEdge)
        {
            target.Finish<V>(c, width);
        }
    }
}
