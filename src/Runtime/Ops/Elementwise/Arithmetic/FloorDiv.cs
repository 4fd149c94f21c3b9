using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The quotient rounded down, as Python's <c>//</c>; for integers 0 where <c>b</c> is 0. ONNX has no such operator: Floor of Div for floating numbers; Div and a correction for integers.</summary>
public sealed record FloorDiv : ArithmeticBinaryOp
{
    /// <inheritdoc/>
    protected override Dim? Content(Dim a, Dim b) => Dim.FloorDiv(a, b);

    internal override CpuKernel MakeFloating<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfFloats<T>>(binding);

    internal override CpuKernel MakeInteger<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfIntegers<T>>(binding);

    private readonly struct OfFloats<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b)
        {
            if (b == T.Zero)
            {
                return a / b;
            }

            // As numpy: from the exact remainder, because a / b itself may round up to a whole number.
            T rest = a % b, quotient = (a - rest) / b;
            if (rest != T.Zero && (rest < T.Zero) != (b < T.Zero))
            {
                quotient -= T.One;
            }

            return quotient == T.Zero ? T.CopySign(T.Zero, a / b) : T.Round(quotient);
        }
    }

    private readonly struct OfIntegers<T> : IBinaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => IntegerArithmetic.FloorDiv(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The quotient rounded down, as Python's <c>//</c>; for integers 0 where <c>b</c> is 0. Shapes broadcast.</summary>
    public Value FloorDiv(Value a, Value b) => Apply(new FloorDiv(), a, b);
}
