using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels.Functions;

// Functions of two and three floats.

/// <summary>x + y</summary>
internal readonly struct Add : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V> => x + y;
}

/// <summary>x − y</summary>
internal readonly struct Subtract : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V> => x - y;
}

/// <summary>x · y</summary>
internal readonly struct Multiply : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V> => x * y;
}

/// <summary>x / y</summary>
internal readonly struct Divide : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V> => x / y;
}

/// <summary>The larger, NaN if one is NaN.</summary>
internal readonly struct Maximum : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V> => V.Select(V.EqualTo(x, x), V.Max(x, y), x);
}

/// <summary>The smaller, NaN if one is NaN.</summary>
internal readonly struct Minimum : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V> => V.Select(V.EqualTo(x, x), V.Min(x, y), x);
}

/// <summary>(x − y)²</summary>
internal readonly struct SquaredDifference : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V>
    {
        V difference = x - y;
        return difference * difference;
    }
}

/// <summary>PReLU: x where x ≥ 0, y·x elsewhere.</summary>
internal readonly struct LeakyReluBySlope : IBinary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y)
        where V : struct, ILanes<V> => V.Select(V.LessThan(x, V.Zero), x * y, x);
}

/// <summary>x · y + z</summary>
internal readonly struct MultiplyAdd : ITernary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x, V y, V z)
        where V : struct, ILanes<V> => V.MultiplyAdd(x, y, z);
}
