using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

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
        where TGates : struct, IGateSums<TGates, V>
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
        where TGates : struct, IGateSums<TGates, V>
    {
        float* row0 = rows[0];
        float* row1 = TRows.Count > 1 ? rows[1] : null;
        float* row2 = TRows.Count > 2 ? rows[2] : null;
        float* row3 = TRows.Count > 3 ? rows[3] : null;
        float* row4 = TRows.Count > 4 ? rows[4] : null;
        float* row5 = TRows.Count > 5 ? rows[5] : null;
        TGates sums0 = default, sums1 = default, sums2 = default, sums3 = default, sums4 = default, sums5 = default;
        int width = TGates.Count * V.Count;
        for (nint k = 0; k < depth; k++)
        {
            TGates gates = TGates.Load(weights);
            weights += width;
            sums0.AddProduct(V.Broadcast(row0[k]), gates);
            if (TRows.Count > 1)
            {
                sums1.AddProduct(V.Broadcast(row1[k]), gates);
            }

            if (TRows.Count > 2)
            {
                sums2.AddProduct(V.Broadcast(row2[k]), gates);
            }

            if (TRows.Count > 3)
            {
                sums3.AddProduct(V.Broadcast(row3[k]), gates);
            }

            if (TRows.Count > 4)
            {
                sums4.AddProduct(V.Broadcast(row4[k]), gates);
            }

            if (TRows.Count > 5)
            {
                sums5.AddProduct(V.Broadcast(row5[k]), gates);
            }
        }

        sums0.Store(sums);
        if (TRows.Count > 1)
        {
            sums1.Store(sums + width);
        }

        if (TRows.Count > 2)
        {
            sums2.Store(sums + (2 * width));
        }

        if (TRows.Count > 3)
        {
            sums3.Store(sums + (3 * width));
        }

        if (TRows.Count > 4)
        {
            sums4.Store(sums + (4 * width));
        }

        if (TRows.Count > 5)
        {
            sums5.Store(sums + (5 * width));
        }
    }

    /// <summary>
    /// One row and two neighbouring blocks of units: a single block's four chains would leave the multiply-add units idle
    /// half of the time. The second block's weights and sums follow the first's.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void RunPair<V, TGates>(float* row, float* weights, int depth, float* sums)
        where V : struct, ILanes<V>
        where TGates : struct, IGateSums<TGates, V>
    {
        int width = TGates.Count * V.Count;
        float* secondWeights = weights + ((nint)depth * width);
        TGates first = default, second = default;
        for (nint k = 0; k < depth; k++)
        {
            V x = V.Broadcast(row[k]);
            first.AddProduct(x, TGates.Load(weights));
            second.AddProduct(x, TGates.Load(secondWeights));
            weights += width;
            secondWeights += width;
        }

        first.Store(sums);
        second.Store(sums + width);
    }
}
