namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>A function of one float, as register code. Its constants are the struct's fields.</summary>
internal interface IUnary
{
    V Apply<V>(V x)
        where V : struct, ILanes<V>;
}

/// <summary>A function of two floats, as register code.</summary>
internal interface IBinary
{
    V Apply<V>(V x, V y)
        where V : struct, ILanes<V>;
}

/// <summary>A function of three floats, as register code.</summary>
internal interface ITernary
{
    V Apply<V>(V x, V y, V z)
        where V : struct, ILanes<V>;
}

/// <summary>One function after the other, in one pass: y = second(first(x)).</summary>
internal readonly struct Chain<TFirst, TSecond>(TFirst first, TSecond second) : IUnary
    where TFirst : struct, IUnary
    where TSecond : struct, IUnary
{
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => second.Apply(first.Apply(x));
}
