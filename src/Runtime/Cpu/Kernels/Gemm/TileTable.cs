using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The tile for a number of rows and registers: the smallest that holds them.</summary>
internal static unsafe class TileTable
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<V>(float* a, float* b, int depth, int registers, in TileTarget target)
        where V : struct, ILanes<V>
    {
        if (registers == 2)
        {
            Multiply<V, TwoRegisters<V>>(a, b, depth, target);
        }
        else
        {
            Multiply<V, OneRegister<V>>(a, b, depth, target);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<V, TSums>(float* a, float* b, int depth, in TileTarget target)
        where V : struct, ILanes<V>
        where TSums : struct, ITileSums<TSums, V>
    {
        if (target.Rows <= 4)
        {
            Tile<V, TSums, Rows4>.Multiply(a, b, depth, target);
        }
        else if (target.Rows <= 6)
        {
            Tile<V, TSums, Rows6>.Multiply(a, b, depth, target);
        }
        else if (TileShape<V>.Rows == 12)
        {
            if (target.Rows <= 8)
            {
                Tile<V, TSums, Rows8>.Multiply(a, b, depth, target);
            }
            else if (target.Rows <= 10)
            {
                Tile<V, TSums, Rows10>.Multiply(a, b, depth, target);
            }
            else
            {
                Tile<V, TSums, Rows12>.Multiply(a, b, depth, target);
            }
        }
    }
}
