using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>A tile of up to 12 rows by one register of columns: the last panel, where B's columns do not fill two. See <see cref="TwoRegisterTile"/>.</summary>
internal static unsafe class OneRegisterTile
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    [SkipLocalsInit]
    public static void Multiply<V, TRows>(float* a, float* b, int depth, in TileTarget target)
        where V : struct, ILanes<V>
        where TRows : struct, ITileRows
    {
        V c0 = V.Zero, c1 = V.Zero, c2 = V.Zero, c3 = V.Zero, c4 = V.Zero, c5 = V.Zero;
        V c6 = V.Zero, c7 = V.Zero, c8 = V.Zero, c9 = V.Zero, c10 = V.Zero, c11 = V.Zero;
        int width = V.Count;
        for (float* end = b + ((nint)depth * width); b != end; b += width, a++)
        {
            V b0 = V.Load(b);
            V x;
            x = V.Broadcast(a[0 * GemmBlocks.RowStride]);
            c0 = V.MultiplyAdd(x, b0, c0);
            x = V.Broadcast(a[1 * GemmBlocks.RowStride]);
            c1 = V.MultiplyAdd(x, b0, c1);
            x = V.Broadcast(a[2 * GemmBlocks.RowStride]);
            c2 = V.MultiplyAdd(x, b0, c2);
            x = V.Broadcast(a[3 * GemmBlocks.RowStride]);
            c3 = V.MultiplyAdd(x, b0, c3);
            if (TRows.Count > 4)
            {
                x = V.Broadcast(a[4 * GemmBlocks.RowStride]);
                c4 = V.MultiplyAdd(x, b0, c4);
                x = V.Broadcast(a[5 * GemmBlocks.RowStride]);
                c5 = V.MultiplyAdd(x, b0, c5);
            }

            if (TRows.Count > 6)
            {
                x = V.Broadcast(a[6 * GemmBlocks.RowStride]);
                c6 = V.MultiplyAdd(x, b0, c6);
                x = V.Broadcast(a[7 * GemmBlocks.RowStride]);
                c7 = V.MultiplyAdd(x, b0, c7);
            }

            if (TRows.Count > 8)
            {
                x = V.Broadcast(a[8 * GemmBlocks.RowStride]);
                c8 = V.MultiplyAdd(x, b0, c8);
                x = V.Broadcast(a[9 * GemmBlocks.RowStride]);
                c9 = V.MultiplyAdd(x, b0, c9);
            }

            if (TRows.Count > 10)
            {
                x = V.Broadcast(a[10 * GemmBlocks.RowStride]);
                c10 = V.MultiplyAdd(x, b0, c10);
                x = V.Broadcast(a[11 * GemmBlocks.RowStride]);
                c11 = V.MultiplyAdd(x, b0, c11);
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

            c0 += V.Load(addend);
            c1 += V.Load(addend + addendStride);
            c2 += V.Load(addend + (2 * addendStride));
            c3 += V.Load(addend + (3 * addendStride));
            if (TRows.Count > 4)
            {
                c4 += V.Load(addend + (4 * addendStride));
                c5 += V.Load(addend + (5 * addendStride));
            }

            if (TRows.Count > 6)
            {
                c6 += V.Load(addend + (6 * addendStride));
                c7 += V.Load(addend + (7 * addendStride));
            }

            if (TRows.Count > 8)
            {
                c8 += V.Load(addend + (8 * addendStride));
                c9 += V.Load(addend + (9 * addendStride));
            }

            if (TRows.Count > 10)
            {
                c10 += V.Load(addend + (10 * addendStride));
                c11 += V.Load(addend + (11 * addendStride));
            }
        }

        if (target.Clamp && !atEdge)
        {
            V low = V.Broadcast(target.Low);
            V high = V.Broadcast(target.High);
            c0 = V.Min(high, V.Max(low, c0));
            c1 = V.Min(high, V.Max(low, c1));
            c2 = V.Min(high, V.Max(low, c2));
            c3 = V.Min(high, V.Max(low, c3));
            if (TRows.Count > 4)
            {
                c4 = V.Min(high, V.Max(low, c4));
                c5 = V.Min(high, V.Max(low, c5));
            }

            if (TRows.Count > 6)
            {
                c6 = V.Min(high, V.Max(low, c6));
                c7 = V.Min(high, V.Max(low, c7));
            }

            if (TRows.Count > 8)
            {
                c8 = V.Min(high, V.Max(low, c8));
                c9 = V.Min(high, V.Max(low, c9));
            }

            if (TRows.Count > 10)
            {
                c10 = V.Min(high, V.Max(low, c10));
                c11 = V.Min(high, V.Max(low, c11));
            }
        }

        V.Store(c0, c);
        V.Store(c1, c + stride);
        V.Store(c2, c + (2 * stride));
        V.Store(c3, c + (3 * stride));
        if (TRows.Count > 4)
        {
            V.Store(c4, c + (4 * stride));
            V.Store(c5, c + (5 * stride));
        }

        if (TRows.Count > 6)
        {
            V.Store(c6, c + (6 * stride));
            V.Store(c7, c + (7 * stride));
        }

        if (TRows.Count > 8)
        {
            V.Store(c8, c + (8 * stride));
            V.Store(c9, c + (9 * stride));
        }

        if (TRows.Count > 10)
        {
            V.Store(c10, c + (10 * stride));
            V.Store(c11, c + (11 * stride));
        }

        if (atEdge)
        {
            target.Finish<V>(c, width);
        }
    }
}
