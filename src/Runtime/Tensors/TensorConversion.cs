using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace KerasCompat.Runtime;

/// <summary>Conversions between element types, with numpy's meaning.</summary>
/// <remarks>
/// Every pair of types goes through one of two wide types: floating sources through double, integers and bool through
/// long (unsigned 64-bit integers by their bits, so that they keep them on the way to another integer type).
/// </remarks>
internal static class TensorConversion
{
    public static Tensor Cast(Tensor source, DType dtype)
    {
        if (source.DType == DType.String || dtype == DType.String)
        {
            throw new InvalidOperationException($"{source.DType.Name()} cannot be converted to {dtype.Name()}.");
        }

        Tensor target = Tensor.Zeros(dtype, source.Shape);
        Cast(source.DType, source.Bytes, dtype, target.Bytes);
        return target;
    }

    /// <summary>Converts elements stored as bytes; both spans hold the same number of elements.</summary>
    public static void Cast(DType from, ReadOnlySpan<byte> source, DType to, Span<byte> target)
    {
        switch (from)
        {
            case DType.Float32: FromFloating<float, FloatWiden>(source, to, target); break;
            case DType.Float64: FromFloating<double, DoubleWiden>(source, to, target); break;
            case DType.Float16: FromFloating<Half, HalfWiden>(source, to, target); break;
            case DType.BFloat16: FromFloating<BFloat16, BFloat16Widen>(source, to, target); break;
            case DType.Int8: FromInteger<sbyte>(source, to, target); break;
            case DType.Int16: FromInteger<short>(source, to, target); break;
            case DType.Int32: FromInteger<int>(source, to, target); break;
            case DType.Int64: FromInteger<long>(source, to, target); break;
            case DType.UInt8: FromInteger<byte>(source, to, target); break;
            case DType.UInt16: FromInteger<ushort>(source, to, target); break;
            case DType.UInt32: FromInteger<uint>(source, to, target); break;
            case DType.UInt64: FromInteger<ulong>(source, to, target); break;
            case DType.Bool: FromInteger<byte>(source, to, target); break;
            default: throw new InvalidOperationException($"{from.Name()} cannot be converted to {to.Name()}.");
        }
    }

    public static Span<byte> Bytes<T>(Tensor<T> tensor) => tensor switch
    {
        Tensor<float> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<double> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<Half> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<BFloat16> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<sbyte> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<short> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<int> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<long> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<byte> t => t.Span,
        Tensor<ushort> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<uint> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<ulong> t => MemoryMarshal.AsBytes(t.Span),
        Tensor<bool> t => MemoryMarshal.AsBytes(t.Span),
        _ => throw new InvalidOperationException("Text has no bytes of fixed size."),
    };

    private static void FromFloating<T, TWiden>(ReadOnlySpan<byte> source, DType to, Span<byte> target)
        where T : unmanaged
        where TWiden : IWiden<T>
    {
        ReadOnlySpan<T> x = MemoryMarshal.Cast<byte, T>(source);
        switch (to)
        {
            case DType.Float32: Fill(x, MemoryMarshal.Cast<byte, float>(target), static v => (float)TWiden.Widen(v)); break;
            case DType.Float64: Fill(x, MemoryMarshal.Cast<byte, double>(target), static v => TWiden.Widen(v)); break;
            case DType.Float16: Fill(x, MemoryMarshal.Cast<byte, Half>(target), static v => (Half)TWiden.Widen(v)); break;
            case DType.BFloat16: Fill(x, MemoryMarshal.Cast<byte, BFloat16>(target), static v => (BFloat16)(float)TWiden.Widen(v)); break;
            case DType.Bool: Fill(x, target, static v => (byte)(TWiden.Widen(v) != 0 ? 1 : 0)); break;
            case DType.Int32: Fill(x, MemoryMarshal.Cast<byte, int>(target), static v => TWiden.Widen(v) is > -2147483649.0 and < 2147483648.0 and var w ? (int)w : int.MinValue); break;
            case DType.UInt64: Fill(x, MemoryMarshal.Cast<byte, ulong>(target), static v => TWiden.Widen(v) is var w && w < 0 ? (ulong)ToLong(w) : (ulong)w); break;
            default: ToInteger(x, to, target, static v => ToLong(TWiden.Widen(v))); break;
        }
    }

    private static void FromInteger<T>(ReadOnlySpan<byte> source, DType to, Span<byte> target)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        ReadOnlySpan<T> x = MemoryMarshal.Cast<byte, T>(source);
        switch (to)
        {
            case DType.Float32: Fill(x, MemoryMarshal.Cast<byte, float>(target), static v => float.CreateTruncating(v)); break;
            case DType.Float64: Fill(x, MemoryMarshal.Cast<byte, double>(target), static v => double.CreateTruncating(v)); break;
            case DType.Float16: Fill(x, MemoryMarshal.Cast<byte, Half>(target), static v => Half.CreateTruncating(v)); break;
            case DType.BFloat16: Fill(x, MemoryMarshal.Cast<byte, BFloat16>(target), static v => (BFloat16)float.CreateTruncating(v)); break;
            case DType.Bool: Fill(x, target, static v => (byte)(T.IsZero(v) ? 0 : 1)); break;
            default: ToInteger(x, to, target, static v => long.CreateTruncating(v)); break;
        }
    }

    private static void ToInteger<T>(ReadOnlySpan<T> x, DType to, Span<byte> target, Func<T, long> widen)
        where T : unmanaged
    {
        switch (to)
        {
            case DType.Int8: Narrow(x, MemoryMarshal.Cast<byte, sbyte>(target), widen); break;
            case DType.Int16: Narrow(x, MemoryMarshal.Cast<byte, short>(target), widen); break;
            case DType.Int32: Narrow(x, MemoryMarshal.Cast<byte, int>(target), widen); break;
            case DType.Int64: Narrow(x, MemoryMarshal.Cast<byte, long>(target), widen); break;
            case DType.UInt8: Narrow(x, target, widen); break;
            case DType.UInt16: Narrow(x, MemoryMarshal.Cast<byte, ushort>(target), widen); break;
            case DType.UInt32: Narrow(x, MemoryMarshal.Cast<byte, uint>(target), widen); break;
            case DType.UInt64: Narrow(x, MemoryMarshal.Cast<byte, ulong>(target), widen); break;
            default: throw new InvalidOperationException($"No number becomes {to.Name()}.");
        }
    }

    private static void Narrow<T, TTo>(ReadOnlySpan<T> x, Span<TTo> y, Func<T, long> widen)
        where TTo : unmanaged, System.Numerics.IBinaryInteger<TTo>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = TTo.CreateTruncating(widen(x[i]));
        }
    }

    private static void Fill<T, TTo>(ReadOnlySpan<T> x, Span<TTo> y, Func<T, TTo> convert)
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = convert(x[i]);
        }
    }

    /// <summary>Truncates toward zero; what has no counterpart becomes the smallest number, as x86-64 converts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static long ToLong(double value) =>
        value is >= -9223372036854775808.0 and < 9223372036854775808.0 ? (long)value : long.MinValue;

    private interface IWiden<T>
    {
        static abstract double Widen(T value);
    }

    private readonly struct FloatWiden : IWiden<float>
    {
        public static double Widen(float value) => value;
    }

    private readonly struct DoubleWiden : IWiden<double>
    {
        public static double Widen(double value) => value;
    }

    private readonly struct HalfWiden : IWiden<Half>
    {
        public static double Widen(Half value) => (double)value;
    }

    private readonly struct BFloat16Widen : IWiden<BFloat16>
    {
        public static double Widen(BFloat16 value) => (float)value;
    }
}
