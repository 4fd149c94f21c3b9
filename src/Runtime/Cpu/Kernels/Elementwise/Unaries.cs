using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels.Functions;

// Functions of one float. Those with Keras activation names are Keras's (spec of activations: keras/src/activations);
// each keeps a NaN of x.

/// <summary>|x|</summary>
internal readonly struct Absolute : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => x ^ (x & V.Broadcast(-0f));
}

/// <summary>−x</summary>
internal readonly struct Negate : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => x ^ V.Broadcast(-0f);
}

/// <summary>√x</summary>
internal readonly struct SquareRoot : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Sqrt(x);
}

/// <summary>1/√x</summary>
internal readonly struct ReciprocalSquareRoot : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Broadcast(1f) / V.Sqrt(x);
}

/// <summary>1/x</summary>
internal readonly struct Reciprocal : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Broadcast(1f) / x;
}

/// <summary>x²</summary>
internal readonly struct Square : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => x * x;
}

/// <summary>The largest whole number not above x.</summary>
internal readonly struct Floor : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Floor(x);
}

/// <summary>The nearest whole number, ties to even.</summary>
internal readonly struct Round : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Round(x);
}

/// <summary>e^x</summary>
internal readonly struct Exp : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.Exp(x);
}

/// <summary>e^x − 1</summary>
internal readonly struct ExpMinusOne : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.ExpMinusOne(x);
}

/// <summary>Natural logarithm.</summary>
internal readonly struct Log : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.Log(x);
}

/// <summary>log(1 + x)</summary>
internal readonly struct LogOnePlus : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.LogOnePlus(x);
}

/// <summary>The error function.</summary>
internal readonly struct Erf : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.Erf(x);
}

/// <summary>tanh x</summary>
internal readonly struct Tanh : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.Tanh(x);
}

/// <summary>1 / (1 + e^−x)</summary>
internal readonly struct Sigmoid : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.Sigmoid(x);
}

/// <summary>max(x, 0)</summary>
internal readonly struct Relu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Max(V.Zero, x);
}

/// <summary>min(max(x, low), high): relu6, hard_tanh, Clip.</summary>
internal readonly struct Clip(float low, float high) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Min(V.Broadcast(high), V.Max(V.Broadcast(low), x));
}

/// <summary>x where x ≥ 0, slope·x elsewhere.</summary>
internal readonly struct LeakyRelu(float slope) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Select(V.LessThan(x, V.Zero), x * V.Broadcast(slope), x);
}

/// <summary>x where x ≥ 0, alpha·(e^(x/scale) − 1) elsewhere: elu with scale 1, celu with scale = alpha.</summary>
internal readonly struct Elu(float alpha, float scale = 1f) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V>
    {
        V below = V.Broadcast(alpha) * Elementary.ExpMinusOne(x / V.Broadcast(scale));
        return V.Select(V.LessThan(x, V.Zero), below, x);
    }
}

/// <summary>scale · elu(x, alpha) with the two constants of self-normalising nets.</summary>
internal readonly struct Selu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.Broadcast(1.05070098735548f) * new Elu(1.67326324235438f).Apply(x);
}

/// <summary>log(1 + e^x)</summary>
internal readonly struct Softplus : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => Elementary.Softplus(x);
}

/// <summary>x / (1 + |x|)</summary>
internal readonly struct Softsign : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => x / (V.Broadcast(1f) + default(Absolute).Apply(x));
}

/// <summary>clip(slope·x + 0.5, 0, 1): slope 0.2 in Keras 1 and 2, 1/6 in Keras 3.</summary>
internal readonly struct HardSigmoid(float slope, float shift = 0.5f) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V>
    {
        V line = V.MultiplyAdd(x, V.Broadcast(slope), V.Broadcast(shift));
        return V.Min(V.Broadcast(1f), V.Max(V.Zero, line));
    }
}

/// <summary>x · sigmoid(x), also called swish.</summary>
internal readonly struct Silu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => x * Elementary.Sigmoid(x);
}

/// <summary>x · clip(x/6 + 0.5, 0, 1), also called hard_swish.</summary>
internal readonly struct HardSilu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => x * new HardSigmoid(1f / 6f).Apply(x);
}

/// <summary>0.5·x·(1 + erf(x/√2))</summary>
internal readonly struct Gelu : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V>
    {
        V half = x * V.Broadcast(0.5f);
        return V.MultiplyAdd(half, Elementary.Erf(x * V.Broadcast(0.70710678f)), half);
    }
}

/// <summary>0.5·x·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</summary>
internal readonly struct GeluTanh : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V>
    {
        V half = x * V.Broadcast(0.5f);
        V inner = V.MultiplyAdd(x * x * x, V.Broadcast(0.044715f), x) * V.Broadcast(0.797884561f);
        return V.MultiplyAdd(half, Elementary.Tanh(inner), half);
    }
}

/// <summary>x · tanh(log(1 + e^x))</summary>
internal readonly struct Mish : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => x * Elementary.Tanh(Elementary.Softplus(x));
}

/// <summary>scale·x + offset</summary>
internal readonly struct Affine(float scale, float offset) : IUnary
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public V Apply<V>(V x)
        where V : struct, ILanes<V> => V.MultiplyAdd(x, V.Broadcast(scale), V.Broadcast(offset));
}
