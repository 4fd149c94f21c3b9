using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>What is done to the sums of each row of a tile, one row after another.</summary>
internal interface IRowStep<TSums>
    where TSums : struct
{
    void Apply(int row, ref TSums sums);
}

/// <summary>One step of k: a float of each row of A, <see cref="GemmBlocks.RowStride"/> apart, times a row of B.</summary>
internal readonly unsafe struct AddProduct<TSums, V>(float* a, TSums b) : IRowStep<TSums>
    where TSums : struct, IRowSums<TSums, V>
    where V : struct, ILanes<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int row, ref TSums sums) => sums.AddProduct(V.Broadcast(a[row * GemmBlocks.RowStride]), b);
}

/// <summary>Adds a matrix, or the same row to all rows where the stride is 0.</summary>
internal readonly unsafe struct AddMatrix<TSums, V>(float* matrix, nint stride) : IRowStep<TSums>
    where TSums : struct, ITileSums<TSums, V>
    where V : struct, ILanes<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int row, ref TSums sums) => sums.Add(matrix + (row * stride));
}

internal readonly struct ClampSums<TSums, V>(V low, V high) : IRowStep<TSums>
    where TSums : struct, ITileSums<TSums, V>
    where V : struct, ILanes<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int row, ref TSums sums) => sums.Clamp(low, high);
}

internal readonly unsafe struct StoreSums<TSums, V>(float* matrix, nint stride) : IRowStep<TSums>
    where TSums : struct, IRowSums<TSums, V>
    where V : struct, ILanes<V>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Apply(int row, ref TSums sums) => sums.Store(matrix + (row * stride));
}
