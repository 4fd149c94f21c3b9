using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The tile for a number of rows and registers: the smallest that holds them.</summary>
internal static unsafe class TileTable
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<V>(float* a, float* b, int depth, int registers, in TileTarget target)
        where V : struct, ILanes<V>
    {
        if (target.Rows <= 4)
        {
            Multiply<V, Rows4>(a, b, depth, registers, target);
        }
        else if (target.Rows <= 6)
        {
            Multiply<V, Rows6>(a, b, depth, registers, target);
        }
        else if (TileShape<V>.Rows == 12)
        {
            if (target.Rows <= 8)
            {
                Multiply<V, Rows8>(a, b, depth, registers, target);
            }
            else if (target.Rows <= 10)
            {
                Multiply<V, Rows10>(a, b, depth, registers, target);
            }
            else
            {
                Multiply<V, Rows12>(a, b, depth, registers, target);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply<V, TRows>(float* a, float* b, int depth, int registers, in TileTarget target)
        where V : struct, ILanes<V>
        where TRows : struct, ITileRows
    {
        if (registers == 2)
        {
            TwoRegisterTile.Multiply<V, TRows>(a, b, depth, target);
        }
        else
        {
            OneRegisterTile.Multiply<V, TRows>(a, b, depth, target);
        }
    }
}
