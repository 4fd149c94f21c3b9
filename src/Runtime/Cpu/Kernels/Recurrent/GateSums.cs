using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The sums of one row and one block of units: a register for each gate, one to four. A new one is zero.</summary>
internal unsafe interface IGateSums<TSums, V>
    where TSums : struct, IGateSums<TSums, V>
    where V : struct, ILanes<V>
{
    /// <summary>How many gates, as a constant the compiler sees.</summary>
    static abstract int Count { get; }

    static abstract TSums Load(float* source);

    void Store(float* target);

    /// <summary>Adds x·weights, x the same number for all units.</summary>
    void AddProduct(V x, in TSums weights);
}

internal unsafe struct OneGate<V> : IGateSums<OneGate<V>, V>
    where V : struct, ILanes<V>
{
    private V _sums;

    public static int Count => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneGate<V> Load(float* source)
    {
        OneGate<V> loaded;
        loaded._sums = V.Load(source);
        return loaded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target) => V.Store(_sums, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(V x, in OneGate<V> weights) => _sums = V.MultiplyAdd(x, weights._sums, _sums);
}

internal unsafe struct TwoGates<V> : IGateSums<TwoGates<V>, V>
    where V : struct, ILanes<V>
{
    private V _first;
    private V _second;

    public static int Count => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoGates<V> Load(float* source)
    {
        TwoGates<V> loaded;
        loaded._first = V.Load(source);
        loaded._second = V.Load(source + V.Count);
        return loaded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        V.Store(_first, target);
        V.Store(_second, target + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(V x, in TwoGates<V> weights)
    {
        _first = V.MultiplyAdd(x, weights._first, _first);
        _second = V.MultiplyAdd(x, weights._second, _second);
    }
}

internal unsafe struct ThreeGates<V> : IGateSums<ThreeGates<V>, V>
    where V : struct, ILanes<V>
{
    private V _first;
    private V _second;
    private V _third;

    public static int Count => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreeGates<V> Load(float* source)
    {
        ThreeGates<V> loaded;
        loaded._first = V.Load(source);
        loaded._second = V.Load(source + V.Count);
        loaded._third = V.Load(source + (2 * V.Count));
        return loaded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        V.Store(_first, target);
        V.Store(_second, target + V.Count);
        V.Store(_third, target + (2 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(V x, in ThreeGates<V> weights)
    {
        _first = V.MultiplyAdd(x, weights._first, _first);
        _second = V.MultiplyAdd(x, weights._second, _second);
        _third = V.MultiplyAdd(x, weights._third, _third);
    }
}

internal unsafe struct FourGates<V> : IGateSums<FourGates<V>, V>
    where V : struct, ILanes<V>
{
    private V _first;
    private V _second;
    private V _third;
    private V _fourth;

    public static int Count => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourGates<V> Load(float* source)
    {
        FourGates<V> loaded;
        loaded._first = V.Load(source);
        loaded._second = V.Load(source + V.Count);
        loaded._third = V.Load(source + (2 * V.Count));
        loaded._fourth = V.Load(source + (3 * V.Count));
        return loaded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target)
    {
        V.Store(_first, target);
        V.Store(_second, target + V.Count);
        V.Store(_third, target + (2 * V.Count));
        V.Store(_fourth, target + (3 * V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(V x, in FourGates<V> weights)
    {
        _first = V.MultiplyAdd(x, weights._first, _first);
        _second = V.MultiplyAdd(x, weights._second, _second);
        _third = V.MultiplyAdd(x, weights._third, _third);
        _fourth = V.MultiplyAdd(x, weights._fourth, _fourth);
    }
}
