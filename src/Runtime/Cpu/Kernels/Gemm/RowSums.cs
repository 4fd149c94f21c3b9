using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The sums of one row of a tile: one to four registers side by side. A new one is zero.</summary>
internal unsafe interface IRowSums<TSums, V>
    where TSums : struct, IRowSums<TSums, V>
    where V : struct, ILanes<V>
{
    /// <summary>Registers of the row.</summary>
    static abstract int Registers { get; }

    static abstract TSums Load(float* source);

    void Store(float* target);

    /// <summary>Adds x·row, x the same number for all columns.</summary>
    void AddProduct(V x, in TSums row);
}

/// <summary>Sums that are finished before they are stored, and at an edge stored in part.</summary>
internal unsafe interface ITileSums<TSums, V> : IRowSums<TSums, V>
    where TSums : struct, ITileSums<TSums, V>
    where V : struct, ILanes<V>
{
    /// <summary>The first <paramref name="columns"/> from memory, at least one of each register, zero in the others.</summary>
    static abstract TSums LoadPartial(float* source, int columns);

    void StorePartial(float* target, int columns);

    /// <summary>Adds the numbers at <paramref name="source"/>.</summary>
    void Add(float* source);

    void AddPartial(float* source, int columns);

    /// <summary>Cuts off at two bounds; NaN stays NaN.</summary>
    void Clamp(V low, V high);
}

internal unsafe struct OneRegister<V> : ITileSums<OneRegister<V>, V>
    where V : struct, ILanes<V>
{
    private V _sums;

    public static int Registers => 1;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneRegister<V> Load(float* source)
    {
        OneRegister<V> loaded;
        loaded._sums = V.Load(source);
        return loaded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Store(float* target) => V.Store(_sums, target);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(float* source) => _sums += V.Load(source);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(V x, in OneRegister<V> row) => _sums = V.MultiplyAdd(x, row._sums, _sums);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static OneRegister<V> LoadPartial(float* source, int columns)
    {
        OneRegister<V> loaded;
        loaded._sums = V.LoadPartial(source, columns);
        return loaded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StorePartial(float* target, int columns) => V.StorePartial(_sums, target, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPartial(float* source, int columns) => _sums += V.LoadPartial(source, columns);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clamp(V low, V high) => _sums = V.Min(high, V.Max(low, _sums));
}

internal unsafe struct TwoRegisters<V> : ITileSums<TwoRegisters<V>, V>
    where V : struct, ILanes<V>
{
    private V _first;
    private V _second;

    public static int Registers => 2;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoRegisters<V> Load(float* source)
    {
        TwoRegisters<V> loaded;
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
    public void Add(float* source)
    {
        _first += V.Load(source);
        _second += V.Load(source + V.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddProduct(V x, in TwoRegisters<V> row)
    {
        _first = V.MultiplyAdd(x, row._first, _first);
        _second = V.MultiplyAdd(x, row._second, _second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TwoRegisters<V> LoadPartial(float* source, int columns)
    {
        TwoRegisters<V> loaded;
        loaded._first = V.LoadPartial(source, Math.Min(V.Count, columns));
        loaded._second = V.LoadPartial(source + V.Count, Math.Min(V.Count, columns - V.Count));
        return loaded;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void StorePartial(float* target, int columns)
    {
        V.StorePartial(_first, target, Math.Min(V.Count, columns));
        V.StorePartial(_second, target + V.Count, Math.Min(V.Count, columns - V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddPartial(float* source, int columns)
    {
        _first += V.LoadPartial(source, Math.Min(V.Count, columns));
        _second += V.LoadPartial(source + V.Count, Math.Min(V.Count, columns - V.Count));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clamp(V low, V high)
    {
        _first = V.Min(high, V.Max(low, _first));
        _second = V.Min(high, V.Max(low, _second));
    }
}

internal unsafe struct ThreeRegisters<V> : IRowSums<ThreeRegisters<V>, V>
    where V : struct, ILanes<V>
{
    private V _first;
    private V _second;
    private V _third;

    public static int Registers => 3;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ThreeRegisters<V> Load(float* source)
    {
        ThreeRegisters<V> loaded;
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
    public void AddProduct(V x, in ThreeRegisters<V> row)
    {
        _first = V.MultiplyAdd(x, row._first, _first);
        _second = V.MultiplyAdd(x, row._second, _second);
        _third = V.MultiplyAdd(x, row._third, _third);
    }
}

internal unsafe struct FourRegisters<V> : IRowSums<FourRegisters<V>, V>
    where V : struct, ILanes<V>
{
    private V _first;
    private V _second;
    private V _third;
    private V _fourth;

    public static int Registers => 4;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FourRegisters<V> Load(float* source)
    {
        FourRegisters<V> loaded;
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
    public void AddProduct(V x, in FourRegisters<V> row)
    {
        _first = V.MultiplyAdd(x, row._first, _first);
        _second = V.MultiplyAdd(x, row._second, _second);
        _third = V.MultiplyAdd(x, row._third, _third);
        _fourth = V.MultiplyAdd(x, row._fourth, _fourth);
    }
}
