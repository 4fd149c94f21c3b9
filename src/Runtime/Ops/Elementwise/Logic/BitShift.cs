using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The bits of <c>a</c> shifted by <c>b</c> places, as numpy: a shift by the type's width or more, or by a negative number,
/// leaves 0, or −1 where a negative number goes right. ONNX BitShift, which takes unsigned integers alone.
/// </summary>
/// <param name="Left">The direction.</param>
public sealed record BitShift(bool Left) : IntegerBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) =>
        Left ? Broadcast.Kernel<T, T, LeftFunction<T>>(binding) : Broadcast.Kernel<T, T, RightFunction<T>>(binding);

    private readonly struct LeftFunction<T> : IBinaryFunction<T, T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => InRange(b) ? a << int.CreateTruncating(b) : T.Zero;
    }

    private readonly struct RightFunction<T> : IBinaryFunction<T, T>
        where T : unmanaged, IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => InRange(b) ? a >> int.CreateTruncating(b) : T.IsNegative(a) ? -T.One : T.Zero;
    }

    private static unsafe bool InRange<T>(T b)
        where T : unmanaged, IBinaryInteger<T> => !T.IsNegative(b) && b < T.CreateTruncating(8 * sizeof(T));
}

public sealed partial class GraphBuilder
{
    /// <summary>The bits of <paramref name="a"/> shifted left by <paramref name="b"/> places. Shapes broadcast.</summary>
    public Value ShiftLeft(Value a, Value b) => Apply(new BitShift(Left: true), a, b);

    /// <summary>The bits of <paramref name="a"/> shifted right by <paramref name="b"/> places, the sign kept. Shapes broadcast.</summary>
    public Value ShiftRight(Value a, Value b) => Apply(new BitShift(Left: false), a, b);
}
