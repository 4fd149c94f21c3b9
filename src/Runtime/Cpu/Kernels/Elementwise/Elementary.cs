using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// exp, log, tanh and their kin on one register, within about 2 units in the last place of the true value, right at
/// NaN, infinities and denormals. The recurrent kernels call them directly; <see cref="VectorMath"/> loops over them.
/// </summary>
internal static class Elementary
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: n · Ln2High is exact for the n that occur, so x − n·ln 2 loses nothing.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    private const float SmallestNormal = 1.17549435e-38f;
    private const float SignBit = -0f;

    /// <summary>e^x: x = n·ln 2 + r with |r| ≤ ln 2 / 2, then e^r · 2^n.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Exp<V>(V x)
        where V : struct, ILanes<V>
    {
        // Beyond these bounds the result is 0 or infinity, as it is at them.
        x = V.Max(V.Broadcast(-104f), V.Min(V.Broadcast(89f), x));
        V n = V.Round(x * V.Broadcast(Log2E));
        return V.ScaleByPowerOfTwo(V.Broadcast(1f) + ReducedExpMinusOne(x, n), n);
    }

    /// <summary>e^x − 1 without cancellation near zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V ExpMinusOne<V>(V x)
        where V : struct, ILanes<V>
    {
        x = V.Max(V.Broadcast(-80f), V.Min(V.Broadcast(89f), x));
        V n = V.Round(x * V.Broadcast(Log2E));

        // Half the result from 2^(n−1), which is still a number where 2^n is not.
        V half = V.PowerOfTwo(n - V.Broadcast(1f));
        V result = V.MultiplyAdd(ReducedExpMinusOne(x, n), half, half - V.Broadcast(0.5f));
        return result + result;
    }

    /// <summary>tanh |x| = (e^2|x| − 1) / (e^2|x| + 1), then the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Tanh<V>(V x)
        where V : struct, ILanes<V>
    {
        V sign = x & V.Broadcast(SignBit);

        // From |x| = 10 on the result is 1 in float.
        V y = V.Min(V.Broadcast(10f), x ^ sign);
        V em1 = SmallExpMinusOne(y + y);
        return (em1 / (em1 + V.Broadcast(2f))) | sign;
    }

    /// <summary>1 / (1 + e^−x).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Sigmoid<V>(V x)
        where V : struct, ILanes<V>
    {
        V one = V.Broadcast(1f);
        return one / (one + Exp(x ^ V.Broadcast(SignBit)));
    }

    /// <summary>e^y − 1 for y from −80 to 80.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V SmallExpMinusOne<V>(V y)
        where V : struct, ILanes<V>
    {
        V n = V.Round(y * V.Broadcast(Log2E));
        V power = V.PowerOfTwo(n);
        return V.MultiplyAdd(ReducedExpMinusOne(y, n), power, power - V.Broadcast(1f));
    }

    /// <summary>Natural logarithm: x = 2^e · m with m from √½ to √2, then a polynomial in m − 1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Log<V>(V x)
        where V : struct, ILanes<V>
    {
        // Denormals have no exponent of their own: scale them into the normal range first.
        V denormal = V.LessThan(x, V.Broadcast(SmallestNormal));
        V normal = V.Select(denormal, x * V.Broadcast(8388608f), x);

        // Subtracting the bits of √½ makes the exponent field step at √½ instead of at 1.
        V rootHalf = V.Broadcast(0.70710678f);
        V exponentBits = V.ShiftBitsRight(V.SubtractBits(normal, rootHalf), 23);
        V m = V.SubtractBits(normal, V.ShiftBitsLeft(exponentBits, 23));
        V e = V.BitsToFloat(exponentBits) - (denormal & V.Broadcast(23f));

        // Cephes logf: log(1 + f) = f − f²/2 + f³ · p(f).
        V f = m - V.Broadcast(1f);
        V z = f * f;
        V p = V.Broadcast(7.0376836292e-2f);
        p = V.MultiplyAdd(p, f, V.Broadcast(-1.1514610310e-1f));
        p = V.MultiplyAdd(p, f, V.Broadcast(1.1676998740e-1f));
        p = V.MultiplyAdd(p, f, V.Broadcast(-1.2420140846e-1f));
        p = V.MultiplyAdd(p, f, V.Broadcast(1.4249322787e-1f));
        p = V.MultiplyAdd(p, f, V.Broadcast(-1.6668057665e-1f));
        p = V.MultiplyAdd(p, f, V.Broadcast(2.0000714765e-1f));
        p = V.MultiplyAdd(p, f, V.Broadcast(-2.4999993993e-1f));
        p = V.MultiplyAdd(p, f, V.Broadcast(3.3333331174e-1f));
        V tail = p * f * z;
        tail = V.MultiplyAdd(e, V.Broadcast(Ln2Low), tail);
        tail = V.MultiplyAdd(z, V.Broadcast(-0.5f), tail);
        V result = V.MultiplyAdd(e, V.Broadcast(Ln2High), f + tail);

        // 0 gives −∞, below 0 and NaN give NaN, +∞ stays.
        result = V.Select(V.EqualTo(x, V.Zero), V.Broadcast(float.NegativeInfinity), result);
        result = V.Select(V.LessThanOrEqual(V.Zero, x), result, V.Broadcast(float.NaN));
        return V.Select(V.EqualTo(x, V.Broadcast(float.PositiveInfinity)), x, result);
    }

    /// <summary>log(1 + x) without cancellation near zero: the rounding error of 1 + x is put back to first order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V LogOnePlus<V>(V x)
        where V : struct, ILanes<V>
    {
        V one = V.Broadcast(1f);
        V w = one + x;
        V lost = (x - (w - one)) / w;
        V correctable = V.LessThan(V.Zero, w) & V.LessThan(w, V.Broadcast(float.PositiveInfinity));
        return Log(w) + (lost & correctable);
    }

    /// <summary>log(1 + e^x) = max(x, 0) + log(1 + e^−|x|).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Softplus<V>(V x)
        where V : struct, ILanes<V> =>
        V.Max(V.Zero, x) + LogOnePlus(Exp(x | V.Broadcast(SignBit)));

    /// <summary>The error function, after N. Juffa: an odd polynomial near zero, 1 − e^p(|x|) from 0.93 on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static V Erf<V>(V x)
        where V : struct, ILanes<V>
    {
        V sign = x & V.Broadcast(SignBit);

        // From 4 on the result is 1 in float.
        V t = V.Min(V.Broadcast(4f), x ^ sign);
        V s = t * t;

        V far = V.MultiplyAdd(V.Broadcast(-1.72853470e-5f), t, V.Broadcast(3.83197126e-4f));
        V next = V.MultiplyAdd(V.Broadcast(-3.88396438e-3f), t, V.Broadcast(2.42546219e-2f));
        far = V.MultiplyAdd(far, s, next);
        far = V.MultiplyAdd(far, t, V.Broadcast(-1.06777877e-1f));
        far = V.MultiplyAdd(far, t, V.Broadcast(-6.34846687e-1f));
        far = V.MultiplyAdd(far, t, V.Broadcast(-1.28717512e-1f));
        far = V.MultiplyAdd(far, t, V.Zero - t);
        far = V.Zero - SmallExpMinusOne(far);

        V near = V.Broadcast(-5.96761703e-4f);
        near = V.MultiplyAdd(near, s, V.Broadcast(4.99119423e-3f));
        near = V.MultiplyAdd(near, s, V.Broadcast(-2.67681349e-2f));
        near = V.MultiplyAdd(near, s, V.Broadcast(1.12819925e-1f));
        near = V.MultiplyAdd(near, s, V.Broadcast(-3.76125336e-1f));
        near = V.MultiplyAdd(near, s, V.Broadcast(1.28379166e-1f));
        near = V.MultiplyAdd(near, t, t);

        return V.Select(V.LessThan(V.Broadcast(0.927734375f), t), far, near) | sign;
    }

    /// <summary>e^r − 1 for r = x − n·ln 2, by the polynomial of Cephes expf: r + r² · p(r).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V ReducedExpMinusOne<V>(V x, V n)
        where V : struct, ILanes<V>
    {
        V r = V.MultiplyAdd(n, V.Broadcast(-Ln2High), x);
        r = V.MultiplyAdd(n, V.Broadcast(-Ln2Low), r);
        V p = V.Broadcast(1.9875691500e-4f);
        p = V.MultiplyAdd(p, r, V.Broadcast(1.3981999507e-3f));
        p = V.MultiplyAdd(p, r, V.Broadcast(8.3334519073e-3f));
        p = V.MultiplyAdd(p, r, V.Broadcast(4.1665795894e-2f));
        p = V.MultiplyAdd(p, r, V.Broadcast(1.6666665459e-1f));
        p = V.MultiplyAdd(p, r, V.Broadcast(5.0000001201e-1f));
        return V.MultiplyAdd(p * r, r, r);
    }
}
