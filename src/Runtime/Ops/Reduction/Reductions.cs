using System.Numerics;
using System.Numerics.Tensors;

namespace KerasCompat.Runtime;

// The reductions of Reduce: what each does with a line and with rows.

internal readonly struct SumReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Lines longer than this are halved first, so that the rounding errors of sums stay small.</summary>
    internal const int Longest = 512;

    public static T Empty => T.Zero;

    public static T Line(ReadOnlySpan<T> x) => x.Length <= Longest
        ? TensorPrimitives.Sum(x)
        : Line(x[..(x.Length / 2)]) + Line(x[(x.Length / 2)..]);

    public static void Begin(ReadOnlySpan<T> x, Span<T> y) => x.CopyTo(y);

    public static void Accumulate(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Add(y, x, y);

    public static void Join(ReadOnlySpan<T> part, Span<T> y) => TensorPrimitives.Add(y, part, y);
}

internal readonly struct SumSquareReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    public static T Empty => T.Zero;

    public static T Line(ReadOnlySpan<T> x) => x.Length <= SumReduction<T>.Longest
        ? TensorPrimitives.SumOfSquares(x)
        : Line(x[..(x.Length / 2)]) + Line(x[(x.Length / 2)..]);

    public static void Begin(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Multiply(x, x, y);

    public static void Accumulate(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.MultiplyAdd(x, x, y, y);

    public static void Join(ReadOnlySpan<T> part, Span<T> y) => TensorPrimitives.Add(y, part, y);
}

internal readonly struct SumAbsReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    public static T Empty => T.Zero;

    public static T Line(ReadOnlySpan<T> x) => x.Length <= SumReduction<T>.Longest
        ? TensorPrimitives.SumOfMagnitudes(x)
        : Line(x[..(x.Length / 2)]) + Line(x[(x.Length / 2)..]);

    public static void Begin(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Abs(x, y);

    public static void Accumulate(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < y.Length; i++)
        {
            y[i] += T.Abs(x[i]);
        }
    }

    public static void Join(ReadOnlySpan<T> part, Span<T> y) => TensorPrimitives.Add(y, part, y);
}

internal readonly struct ProductReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>
{
    public static T Empty => T.One;

    public static T Line(ReadOnlySpan<T> x) => TensorPrimitives.Product(x);

    public static void Begin(ReadOnlySpan<T> x, Span<T> y) => x.CopyTo(y);

    public static void Accumulate(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Multiply(y, x, y);

    public static void Join(ReadOnlySpan<T> part, Span<T> y) => TensorPrimitives.Multiply(y, part, y);
}

internal readonly struct MaxReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Empty => T.CreateSaturating(double.NegativeInfinity);

    public static T Line(ReadOnlySpan<T> x) => TensorPrimitives.Max(x);

    public static void Begin(ReadOnlySpan<T> x, Span<T> y) => x.CopyTo(y);

    public static void Accumulate(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Max(y, x, y);

    public static void Join(ReadOnlySpan<T> part, Span<T> y) => TensorPrimitives.Max(y, part, y);
}

internal readonly struct MinReduction<T> : IReduction<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static T Empty => T.CreateSaturating(double.PositiveInfinity);

    public static T Line(ReadOnlySpan<T> x) => TensorPrimitives.Min(x);

    public static void Begin(ReadOnlySpan<T> x, Span<T> y) => x.CopyTo(y);

    public static void Accumulate(ReadOnlySpan<T> x, Span<T> y) => TensorPrimitives.Min(y, x, y);

    public static void Join(ReadOnlySpan<T> part, Span<T> y) => TensorPrimitives.Min(y, part, y);
}

internal readonly struct AnyReduction : IReduction<byte>
{
    public static byte Empty => 0;

    public static byte Line(ReadOnlySpan<byte> x) => (byte)(x.Contains((byte)1) ? 1 : 0);

    public static void Begin(ReadOnlySpan<byte> x, Span<byte> y) => x.CopyTo(y);

    public static void Accumulate(ReadOnlySpan<byte> x, Span<byte> y) => TensorPrimitives.BitwiseOr(y, x, y);

    public static void Join(ReadOnlySpan<byte> part, Span<byte> y) => TensorPrimitives.BitwiseOr(y, part, y);
}

internal readonly struct AllReduction : IReduction<byte>
{
    public static byte Empty => 1;

    public static byte Line(ReadOnlySpan<byte> x) => (byte)(x.Contains((byte)0) ? 0 : 1);

    public static void Begin(ReadOnlySpan<byte> x, Span<byte> y) => x.CopyTo(y);

    public static void Accumulate(ReadOnlySpan<byte> x, Span<byte> y) => TensorPrimitives.BitwiseAnd(y, x, y);

    public static void Join(ReadOnlySpan<byte> part, Span<byte> y) => TensorPrimitives.BitwiseAnd(y, part, y);
}
