using System.Numerics;

namespace KerasCompat.Runtime;

/// <summary>Integer division and powers with numpy's answers where the processor traps: a division by zero gives 0, overflow wraps.</summary>
internal static class IntegerArithmetic
{
    public static T TruncDiv<T>(T a, T b)
        where T : IBinaryInteger<T> =>
        T.IsZero(b) ? T.Zero : IsMinusOne(b) ? -a : a / b;

    public static T TruncMod<T>(T a, T b)
        where T : IBinaryInteger<T> =>
        T.IsZero(b) || IsMinusOne(b) ? T.Zero : a % b;

    public static T FloorDiv<T>(T a, T b)
        where T : IBinaryInteger<T>
    {
        T quotient = TruncDiv(a, b);
        return RestHasOtherSign(TruncMod(a, b), b) ? quotient - T.One : quotient;
    }

    public static T FloorMod<T>(T a, T b)
        where T : IBinaryInteger<T>
    {
        T rest = TruncMod(a, b);
        return RestHasOtherSign(rest, b) ? rest + b : rest;
    }

    /// <exception cref="ArgumentOutOfRangeException">The exponent is negative.</exception>
    public static T Pow<T>(T a, T b)
        where T : IBinaryInteger<T>
    {
        if (T.IsNegative(b))
        {
            throw new ArgumentOutOfRangeException(nameof(b), $"{a} to the power {b}: integers have no negative integer powers.");
        }

        T power = T.One;
        for (; !T.IsZero(b); b >>= 1)
        {
            power = T.IsOddInteger(b) ? power * a : power;
            a *= a;
        }

        return power;
    }

    public static T Gcd<T>(T a, T b)
        where T : IBinaryInteger<T>
    {
        while (!T.IsZero(b))
        {
            (a, b) = (b, TruncMod(a, b));
        }

        return T.IsNegative(a) ? -a : a;
    }

    public static T Lcm<T>(T a, T b)
        where T : IBinaryInteger<T>
    {
        T multiple = T.IsZero(a) || T.IsZero(b) ? T.Zero : a / Gcd(a, b) * b;
        return T.IsNegative(multiple) ? -multiple : multiple;
    }

    private static bool IsMinusOne<T>(T b)
        where T : IBinaryInteger<T> => T.IsNegative(b) && b == -T.One;

    private static bool RestHasOtherSign<T>(T rest, T b)
        where T : IBinaryInteger<T> => !T.IsZero(rest) && T.IsNegative(rest) != T.IsNegative(b);
}
