using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>How many rows a tile has, as a constant the compiler sees.</summary>
internal interface ITileRows
{
    static abstract int Count { get; }
}

internal readonly struct Rows12 : ITileRows
{
    public static int Count => 12;
}

internal readonly struct Rows10 : ITileRows
{
    public static int Count => 10;
}

internal readonly struct Rows8 : ITileRows
{
    public static int Count => 8;
}

internal readonly struct Rows6 : ITileRows
{
    public static int Count => 6;
}

internal readonly struct Rows4 : ITileRows
{
    public static int Count => 4;
}

/// <summary>
/// The innermost product: a tile of up to 12 rows by one or two registers of columns, held in registers while k runs.
/// Each step loads one row of the panel of B and multiplies it by one broadcast float of each row of A:
/// 12 rows · 2 registers = 24 sums, enough to keep two multiply-add units of latency 4 busy, with 3 of AVX-512's 32
/// registers for operands; 6 rows for the sets with 16 registers.
/// </summary>
/// <remarks>
/// Every sum runs over k in order, one multiply-add a step, so it does not depend on the tile it is computed in. Rows of
/// A lie <see cref="GemmBlocks.RowStride"/> apart, a constant, so that one pointer reaches them all. A tile at the edge
/// computes all its rows and columns and keeps those that exist.
/// </remarks>
internal static unsafe class Tile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Multiply<V, TRows>(float* a, float* b, int depth, int registers, in TileTarget target)
        where V : struct, ILanes<V>
        where TRows : struct, ITileRows
    {
        if (registers == 2)
        {
            Two<V, TRows>(a, b, depth, target);
        }
        else
        {
            One<V, TRows>(a, b, depth, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void Two<V, TRows>(float* a, float* b, int depth, in TileTarget target)
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
            x = V.Broadcast(a[0]);
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

        if (target.Rows < TRows.Count || target.Columns < width)
        {
            // At the edge: the whole tile goes to the stack, and from there what exists of it.
            float* tile = stackalloc float[TRows.Count * width];
            V.Store(c0_0, tile + (0 * V.Count));
            V.Store(c0_1, tile + (1 * V.Count));
            V.Store(c1_0, tile + (2 * V.Count));
            V.Store(c1_1, tile + (3 * V.Count));
            V.Store(c2_0, tile + (4 * V.Count));
            V.Store(c2_1, tile + (5 * V.Count));
            V.Store(c3_0, tile + (6 * V.Count));
            V.Store(c3_1, tile + (7 * V.Count));
            if (TRows.Count > 4)
            {
                V.Store(c4_0, tile + (8 * V.Count));
                V.Store(c4_1, tile + (9 * V.Count));
                V.Store(c5_0, tile + (10 * V.Count));
                V.Store(c5_1, tile + (11 * V.Count));
            }

            if (TRows.Count > 6)
            {
                V.Store(c6_0, tile + (12 * V.Count));
                V.Store(c6_1, tile + (13 * V.Count));
                V.Store(c7_0, tile + (14 * V.Count));
                V.Store(c7_1, tile + (15 * V.Count));
            }

            if (TRows.Count > 8)
            {
                V.Store(c8_0, tile + (16 * V.Count));
                V.Store(c8_1, tile + (17 * V.Count));
                V.Store(c9_0, tile + (18 * V.Count));
                V.Store(c9_1, tile + (19 * V.Count));
            }

            if (TRows.Count > 10)
            {
                V.Store(c10_0, tile + (20 * V.Count));
                V.Store(c10_1, tile + (21 * V.Count));
                V.Store(c11_0, tile + (22 * V.Count));
                V.Store(c11_1, tile + (23 * V.Count));
            }
            target.Finish<V>(tile, width);
            return;
        }

        float* c = target.C;
        nint stride = target.Stride;
        if (target.Accumulate)
        {
            c0_0 += V.Load(c);
            c0_1 += V.Load(c + V.Count);
            c1_0 += V.Load(c + stride);
            c1_1 += V.Load(c + stride + V.Count);
            c2_0 += V.Load(c + (2 * stride));
            c2_1 += V.Load(c + (2 * stride) + V.Count);
            c3_0 += V.Load(c + (3 * stride));
            c3_1 += V.Load(c + (3 * stride) + V.Count);
            if (TRows.Count > 4)
            {
                c4_0 += V.Load(c + (4 * stride));
                c4_1 += V.Load(c + (4 * stride) + V.Count);
                c5_0 += V.Load(c + (5 * stride));
                c5_1 += V.Load(c + (5 * stride) + V.Count);
            }

            if (TRows.Count > 6)
            {
                c6_0 += V.Load(c + (6 * stride));
                c6_1 += V.Load(c + (6 * stride) + V.Count);
                c7_0 += V.Load(c + (7 * stride));
                c7_1 += V.Load(c + (7 * stride) + V.Count);
            }

            if (TRows.Count > 8)
            {
                c8_0 += V.Load(c + (8 * stride));
                c8_1 += V.Load(c + (8 * stride) + V.Count);
                c9_0 += V.Load(c + (9 * stride));
                c9_1 += V.Load(c + (9 * stride) + V.Count);
            }

            if (TRows.Count > 10)
            {
                c10_0 += V.Load(c + (10 * stride));
                c10_1 += V.Load(c + (10 * stride) + V.Count);
                c11_0 += V.Load(c + (11 * stride));
                c11_1 += V.Load(c + (11 * stride) + V.Count);
            }
        }

        if (target.Bias != null)
        {
            V bias0 = V.Load(target.Bias);
            V bias1 = V.Load(target.Bias + V.Count);
            c0_0 += bias0;
            c0_1 += bias1;
            c1_0 += bias0;
            c1_1 += bias1;
            c2_0 += bias0;
            c2_1 += bias1;
            c3_0 += bias0;
            c3_1 += bias1;
            if (TRows.Count > 4)
            {
                c4_0 += bias0;
                c4_1 += bias1;
                c5_0 += bias0;
                c5_1 += bias1;
            }

            if (TRows.Count > 6)
            {
                c6_0 += bias0;
                c6_1 += bias1;
                c7_0 += bias0;
                c7_1 += bias1;
            }

            if (TRows.Count > 8)
            {
                c8_0 += bias0;
                c8_1 += bias1;
                c9_0 += bias0;
                c9_1 += bias1;
            }

            if (TRows.Count > 10)
            {
                c10_0 += bias0;
                c10_1 += bias1;
                c11_0 += bias0;
                c11_1 += bias1;
            }
        }

        if (target.Residual != null)
        {
            float* residual = target.Residual;
            nint residualStride = target.ResidualStride;
            c0_0 += V.Load(residual);
            c0_1 += V.Load(residual + V.Count);
            c1_0 += V.Load(residual + residualStride);
            c1_1 += V.Load(residual + residualStride + V.Count);
            c2_0 += V.Load(residual + (2 * residualStride));
            c2_1 += V.Load(residual + (2 * residualStride) + V.Count);
            c3_0 += V.Load(residual + (3 * residualStride));
            c3_1 += V.Load(residual + (3 * residualStride) + V.Count);
            if (TRows.Count > 4)
            {
                c4_0 += V.Load(residual + (4 * residualStride));
                c4_1 += V.Load(residual + (4 * residualStride) + V.Count);
                c5_0 += V.Load(residual + (5 * residualStride));
                c5_1 += V.Load(residual + (5 * residualStride) + V.Count);
            }

            if (TRows.Count > 6)
            {
                c6_0 += V.Load(residual + (6 * residualStride));
                c6_1 += V.Load(residual + (6 * residualStride) + V.Count);
                c7_0 += V.Load(residual + (7 * residualStride));
                c7_1 += V.Load(residual + (7 * residualStride) + V.Count);
            }

            if (TRows.Count > 8)
            {
                c8_0 += V.Load(residual + (8 * residualStride));
                c8_1 += V.Load(residual + (8 * residualStride) + V.Count);
                c9_0 += V.Load(residual + (9 * residualStride));
                c9_1 += V.Load(residual + (9 * residualStride) + V.Count);
            }

            if (TRows.Count > 10)
            {
                c10_0 += V.Load(residual + (10 * residualStride));
                c10_1 += V.Load(residual + (10 * residualStride) + V.Count);
                c11_0 += V.Load(residual + (11 * residualStride));
                c11_1 += V.Load(residual + (11 * residualStride) + V.Count);
            }
        }

        if (target.Clamp)
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
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    private static void One<V, TRows>(float* a, float* b, int depth, in TileTarget target)
        where V : struct, ILanes<V>
        where TRows : struct, ITileRows
    {
        V c0_0 = V.Zero;
        V c1_0 = V.Zero;
        V c2_0 = V.Zero;
        V c3_0 = V.Zero;
        V c4_0 = V.Zero;
        V c5_0 = V.Zero;
        V c6_0 = V.Zero;
        V c7_0 = V.Zero;
        V c8_0 = V.Zero;
        V c9_0 = V.Zero;
        V c10_0 = V.Zero;
        V c11_0 = V.Zero;
        int width = V.Count;
        for (float* end = b + ((nint)depth * width); b != end; b += width, a++)
        {
            V b0 = V.Load(b);
            V x;
            x = V.Broadcast(a[0]);
            c0_0 = V.MultiplyAdd(x, b0, c0_0);
            x = V.Broadcast(a[1 * GemmBlocks.RowStride]);
            c1_0 = V.MultiplyAdd(x, b0, c1_0);
            x = V.Broadcast(a[2 * GemmBlocks.RowStride]);
            c2_0 = V.MultiplyAdd(x, b0, c2_0);
            x = V.Broadcast(a[3 * GemmBlocks.RowStride]);
            c3_0 = V.MultiplyAdd(x, b0, c3_0);
            if (TRows.Count > 4)
            {
                x = V.Broadcast(a[4 * GemmBlocks.RowStride]);
                c4_0 = V.MultiplyAdd(x, b0, c4_0);
                x = V.Broadcast(a[5 * GemmBlocks.RowStride]);
                c5_0 = V.MultiplyAdd(x, b0, c5_0);
            }

            if (TRows.Count > 6)
            {
                x = V.Broadcast(a[6 * GemmBlocks.RowStride]);
                c6_0 = V.MultiplyAdd(x, b0, c6_0);
                x = V.Broadcast(a[7 * GemmBlocks.RowStride]);
                c7_0 = V.MultiplyAdd(x, b0, c7_0);
            }

            if (TRows.Count > 8)
            {
                x = V.Broadcast(a[8 * GemmBlocks.RowStride]);
                c8_0 = V.MultiplyAdd(x, b0, c8_0);
                x = V.Broadcast(a[9 * GemmBlocks.RowStride]);
                c9_0 = V.MultiplyAdd(x, b0, c9_0);
            }

            if (TRows.Count > 10)
            {
                x = V.Broadcast(a[10 * GemmBlocks.RowStride]);
                c10_0 = V.MultiplyAdd(x, b0, c10_0);
                x = V.Broadcast(a[11 * GemmBlocks.RowStride]);
                c11_0 = V.MultiplyAdd(x, b0, c11_0);
            }
        }

        if (target.Rows < TRows.Count || target.Columns < width)
        {
            // At the edge: the whole tile goes to the stack, and from there what exists of it.
            float* tile = stackalloc float[TRows.Count * width];
            V.Store(c0_0, tile + (0 * V.Count));
            V.Store(c1_0, tile + (1 * V.Count));
            V.Store(c2_0, tile + (2 * V.Count));
            V.Store(c3_0, tile + (3 * V.Count));
            if (TRows.Count > 4)
            {
                V.Store(c4_0, tile + (4 * V.Count));
                V.Store(c5_0, tile + (5 * V.Count));
            }

            if (TRows.Count > 6)
            {
                V.Store(c6_0, tile + (6 * V.Count));
                V.Store(c7_0, tile + (7 * V.Count));
            }

            if (TRows.Count > 8)
            {
                V.Store(c8_0, tile + (8 * V.Count));
                V.Store(c9_0, tile + (9 * V.Count));
            }

            if (TRows.Count > 10)
            {
                V.Store(c10_0, tile + (10 * V.Count));
                V.Store(c11_0, tile + (11 * V.Count));
            }
            target.Finish<V>(tile, width);
            return;
        }

        float* c = target.C;
        nint stride = target.Stride;
        if (target.Accumulate)
        {
            c0_0 += V.Load(c);
            c1_0 += V.Load(c + stride);
            c2_0 += V.Load(c + (2 * stride));
            c3_0 += V.Load(c + (3 * stride));
            if (TRows.Count > 4)
            {
                c4_0 += V.Load(c + (4 * stride));
                c5_0 += V.Load(c + (5 * stride));
            }

            if (TRows.Count > 6)
            {
                c6_0 += V.Load(c + (6 * stride));
                c7_0 += V.Load(c + (7 * stride));
            }

            if (TRows.Count > 8)
            {
                c8_0 += V.Load(c + (8 * stride));
                c9_0 += V.Load(c + (9 * stride));
            }

            if (TRows.Count > 10)
            {
                c10_0 += V.Load(c + (10 * stride));
                c11_0 += V.Load(c + (11 * stride));
            }
        }

        if (target.Bias != null)
        {
            V bias0 = V.Load(target.Bias);
            c0_0 += bias0;
            c1_0 += bias0;
            c2_0 += bias0;
            c3_0 += bias0;
            if (TRows.Count > 4)
            {
                c4_0 += bias0;
                c5_0 += bias0;
            }

            if (TRows.Count > 6)
            {
                c6_0 += bias0;
                c7_0 += bias0;
            }

            if (TRows.Count > 8)
            {
                c8_0 += bias0;
                c9_0 += bias0;
            }

            if (TRows.Count > 10)
            {
                c10_0 += bias0;
                c11_0 += bias0;
            }
        }

        if (target.Residual != null)
        {
            float* residual = target.Residual;
            nint residualStride = target.ResidualStride;
            c0_0 += V.Load(residual);
            c1_0 += V.Load(residual + residualStride);
            c2_0 += V.Load(residual + (2 * residualStride));
            c3_0 += V.Load(residual + (3 * residualStride));
            if (TRows.Count > 4)
            {
                c4_0 += V.Load(residual + (4 * residualStride));
                c5_0 += V.Load(residual + (5 * residualStride));
            }

            if (TRows.Count > 6)
            {
                c6_0 += V.Load(residual + (6 * residualStride));
                c7_0 += V.Load(residual + (7 * residualStride));
            }

            if (TRows.Count > 8)
            {
                c8_0 += V.Load(residual + (8 * residualStride));
                c9_0 += V.Load(residual + (9 * residualStride));
            }

            if (TRows.Count > 10)
            {
                c10_0 += V.Load(residual + (10 * residualStride));
                c11_0 += V.Load(residual + (11 * residualStride));
            }
        }

        if (target.Clamp)
        {
            V low = V.Broadcast(target.Low);
            V high = V.Broadcast(target.High);
            c0_0 = V.Min(high, V.Max(low, c0_0));
            c1_0 = V.Min(high, V.Max(low, c1_0));
            c2_0 = V.Min(high, V.Max(low, c2_0));
            c3_0 = V.Min(high, V.Max(low, c3_0));
            if (TRows.Count > 4)
            {
                c4_0 = V.Min(high, V.Max(low, c4_0));
                c5_0 = V.Min(high, V.Max(low, c5_0));
            }

            if (TRows.Count > 6)
            {
                c6_0 = V.Min(high, V.Max(low, c6_0));
                c7_0 = V.Min(high, V.Max(low, c7_0));
            }

            if (TRows.Count > 8)
            {
                c8_0 = V.Min(high, V.Max(low, c8_0));
                c9_0 = V.Min(high, V.Max(low, c9_0));
            }

            if (TRows.Count > 10)
            {
                c10_0 = V.Min(high, V.Max(low, c10_0));
                c11_0 = V.Min(high, V.Max(low, c11_0));
            }
        }

        V.Store(c0_0, c);
        V.Store(c1_0, c + stride);
        V.Store(c2_0, c + (2 * stride));
        V.Store(c3_0, c + (3 * stride));
        if (TRows.Count > 4)
        {
            V.Store(c4_0, c + (4 * stride));
            V.Store(c5_0, c + (5 * stride));
        }

        if (TRows.Count > 6)
        {
            V.Store(c6_0, c + (6 * stride));
            V.Store(c7_0, c + (7 * stride));
        }

        if (TRows.Count > 8)
        {
            V.Store(c8_0, c + (8 * stride));
            V.Store(c9_0, c + (9 * stride));
        }

        if (TRows.Count > 10)
        {
            V.Store(c10_0, c + (10 * stride));
            V.Store(c11_0, c + (11 * stride));
        }
    }
}
