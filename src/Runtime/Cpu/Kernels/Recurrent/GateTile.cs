using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>How many gates a block of units has, as a constant the compiler sees.</summary>
internal interface IGateCount
{
    static abstract int Count { get; }
}

internal readonly struct Gates1 : IGateCount
{
    public static int Count => 1;
}

internal readonly struct Gates2 : IGateCount
{
    public static int Count => 2;
}

internal readonly struct Gates3 : IGateCount
{
    public static int Count => 3;
}

internal readonly struct Gates4 : IGateCount
{
    public static int Count => 4;
}

internal readonly struct Rows1 : ITileRows
{
    public static int Count => 1;
}

internal readonly struct Rows2 : ITileRows
{
    public static int Count => 2;
}

internal readonly struct Rows3 : ITileRows
{
    public static int Count => 3;
}

/// <summary>
/// The recurrent product of one time step for one block of units (a register of them): sums[row, gate] = Σ h[row, k] ·
/// R[k, gate], for up to six rows and four gates in registers. The rows are given by pointers, because under a mask
/// the rows that move lie anywhere.
/// </summary>
/// <remarks>
/// The block's weights are stored step of k after step, in each step gate after gate, so they are read front to back.
/// Every sum is one chain over k, whatever the number of rows, so a row's result does not depend on its company.
/// </remarks>
internal static unsafe class GateTile
{
    /// <summary>Adds up for <paramref name="count"/> rows, no more than <see cref="MaxRows"/>; sums are stored row after row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run<V, TGates>(float** rows, int count, float* weights, int depth, float* sums)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount
    {
        switch (count)
        {
            case 1:
                Rows<V, Rows1, TGates>(rows, weights, depth, sums);
                break;
            case 2:
                Rows<V, Rows2, TGates>(rows, weights, depth, sums);
                break;
            case 3:
                Rows<V, Rows3, TGates>(rows, weights, depth, sums);
                break;
            case 4:
                Rows<V, Rows4, TGates>(rows, weights, depth, sums);
                break;
            default:
                Rows<V, Rows6, TGates>(rows, weights, depth, sums);
                break;
        }
    }

    /// <summary>Six rows of four gates need 24 registers and their operands; sets with 16 registers take three rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MaxRows<V>()
        where V : struct, ILanes<V> => V.Count == 16 ? 6 : 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows<V, TRows, TGates>(float** rows, float* weights, int depth, float* sums)
        where V : struct, ILanes<V>
        where TRows : struct, ITileRows
        where TGates : struct, IGateCount
    {
        float* row0 = rows[0];
        float* row1 = TRows.Count > 1 ? rows[1] : null;
        float* row2 = TRows.Count > 2 ? rows[2] : null;
        float* row3 = TRows.Count > 3 ? rows[3] : null;
        float* row4 = TRows.Count > 4 ? rows[4] : null;
        float* row5 = TRows.Count > 5 ? rows[5] : null;
        V s0_0 = V.Zero, s0_1 = V.Zero, s0_2 = V.Zero, s0_3 = V.Zero;
        V s1_0 = V.Zero, s1_1 = V.Zero, s1_2 = V.Zero, s1_3 = V.Zero;
        V s2_0 = V.Zero, s2_1 = V.Zero, s2_2 = V.Zero, s2_3 = V.Zero;
        V s3_0 = V.Zero, s3_1 = V.Zero, s3_2 = V.Zero, s3_3 = V.Zero;
        V s4_0 = V.Zero, s4_1 = V.Zero, s4_2 = V.Zero, s4_3 = V.Zero;
        V s5_0 = V.Zero, s5_1 = V.Zero, s5_2 = V.Zero, s5_3 = V.Zero;
        for (nint k = 0; k < depth; k++)
        {
            V w0 = V.Load(weights);
            V w1 = TGates.Count > 1 ? V.Load(weights + V.Count) : V.Zero;
            V w2 = TGates.Count > 2 ? V.Load(weights + (2 * V.Count)) : V.Zero;
            V w3 = TGates.Count > 3 ? V.Load(weights + (3 * V.Count)) : V.Zero;
            weights += TGates.Count * V.Count;
            V x = V.Broadcast(row0[k]);
            s0_0 = V.MultiplyAdd(x, w0, s0_0);
            s0_1 = TGates.Count > 1 ? V.MultiplyAdd(x, w1, s0_1) : s0_1;
            s0_2 = TGates.Count > 2 ? V.MultiplyAdd(x, w2, s0_2) : s0_2;
            s0_3 = TGates.Count > 3 ? V.MultiplyAdd(x, w3, s0_3) : s0_3;
            if (TRows.Count > 1)
            {
                x = V.Broadcast(row1[k]);
                s1_0 = V.MultiplyAdd(x, w0, s1_0);
                s1_1 = TGates.Count > 1 ? V.MultiplyAdd(x, w1, s1_1) : s1_1;
                s1_2 = TGates.Count > 2 ? V.MultiplyAdd(x, w2, s1_2) : s1_2;
                s1_3 = TGates.Count > 3 ? V.MultiplyAdd(x, w3, s1_3) : s1_3;
            }

            if (TRows.Count > 2)
            {
                x = V.Broadcast(row2[k]);
                s2_0 = V.MultiplyAdd(x, w0, s2_0);
                s2_1 = TGates.Count > 1 ? V.MultiplyAdd(x, w1, s2_1) : s2_1;
                s2_2 = TGates.Count > 2 ? V.MultiplyAdd(x, w2, s2_2) : s2_2;
                s2_3 = TGates.Count > 3 ? V.MultiplyAdd(x, w3, s2_3) : s2_3;
            }

            if (TRows.Count > 3)
            {
                x = V.Broadcast(row3[k]);
                s3_0 = V.MultiplyAdd(x, w0, s3_0);
                s3_1 = TGates.Count > 1 ? V.MultiplyAdd(x, w1, s3_1) : s3_1;
                s3_2 = TGates.Count > 2 ? V.MultiplyAdd(x, w2, s3_2) : s3_2;
                s3_3 = TGates.Count > 3 ? V.MultiplyAdd(x, w3, s3_3) : s3_3;
            }

            if (TRows.Count > 4)
            {
                x = V.Broadcast(row4[k]);
                s4_0 = V.MultiplyAdd(x, w0, s4_0);
                s4_1 = TGates.Count > 1 ? V.MultiplyAdd(x, w1, s4_1) : s4_1;
                s4_2 = TGates.Count > 2 ? V.MultiplyAdd(x, w2, s4_2) : s4_2;
                s4_3 = TGates.Count > 3 ? V.MultiplyAdd(x, w3, s4_3) : s4_3;
            }

            if (TRows.Count > 5)
            {
                x = V.Broadcast(row5[k]);
                s5_0 = V.MultiplyAdd(x, w0, s5_0);
                s5_1 = TGates.Count > 1 ? V.MultiplyAdd(x, w1, s5_1) : s5_1;
                s5_2 = TGates.Count > 2 ? V.MultiplyAdd(x, w2, s5_2) : s5_2;
                s5_3 = TGates.Count > 3 ? V.MultiplyAdd(x, w3, s5_3) : s5_3;
            }
        }

        Store<V, TGates>(s0_0, s0_1, s0_2, s0_3, sums);
        if (TRows.Count > 1)
        {
            Store<V, TGates>(s1_0, s1_1, s1_2, s1_3, sums + (1 * TGates.Count * V.Count));
        }

        if (TRows.Count > 2)
        {
            Store<V, TGates>(s2_0, s2_1, s2_2, s2_3, sums + (2 * TGates.Count * V.Count));
        }

        if (TRows.Count > 3)
        {
            Store<V, TGates>(s3_0, s3_1, s3_2, s3_3, sums + (3 * TGates.Count * V.Count));
        }

        if (TRows.Count > 4)
        {
            Store<V, TGates>(s4_0, s4_1, s4_2, s4_3, sums + (4 * TGates.Count * V.Count));
        }

        if (TRows.Count > 5)
        {
            Store<V, TGates>(s5_0, s5_1, s5_2, s5_3, sums + (5 * TGates.Count * V.Count));
        }
    }

    /// <summary>
    /// One row and two neighbouring blocks of units: a single block's four chains would leave the multiply-add units idle
    /// half of the time. The second block's weights and sums follow the first's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunPair<V, TGates>(float* row, float* weights, int depth, float* sums)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount
    {
        float* second = weights + ((nint)depth * TGates.Count * V.Count);
        V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
        V t0 = V.Zero, t1 = V.Zero, t2 = V.Zero, t3 = V.Zero;
        for (nint k = 0; k < depth; k++)
        {
            V x = V.Broadcast(row[k]);
            s0 = V.MultiplyAdd(x, V.Load(weights), s0);
            t0 = V.MultiplyAdd(x, V.Load(second), t0);
            if (TGates.Count > 1)
            {
                s1 = V.MultiplyAdd(x, V.Load(weights + V.Count), s1);
                t1 = V.MultiplyAdd(x, V.Load(second + V.Count), t1);
            }

            if (TGates.Count > 2)
            {
                s2 = V.MultiplyAdd(x, V.Load(weights + (2 * V.Count)), s2);
                t2 = V.MultiplyAdd(x, V.Load(second + (2 * V.Count)), t2);
            }

            if (TGates.Count > 3)
            {
                s3 = V.MultiplyAdd(x, V.Load(weights + (3 * V.Count)), s3);
                t3 = V.MultiplyAdd(x, V.Load(second + (3 * V.Count)), t3);
            }

            weights += TGates.Count * V.Count;
            second += TGates.Count * V.Count;
        }

        Store<V, TGates>(s0, s1, s2, s3, sums);
        Store<V, TGates>(t0, t1, t2, t3, sums + (TGates.Count * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<V, TGates>(V s0, V s1, V s2, V s3, float* sums)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount
    {
        V.Store(s0, sums);
        if (TGates.Count > 1)
        {
            V.Store(s1, sums + V.Count);
        }

        if (TGates.Count > 2)
        {
            V.Store(s2, sums + (2 * V.Count));
        }

        if (TGates.Count > 3)
        {
            V.Store(s3, sums + (3 * V.Count));
        }
    }
}
