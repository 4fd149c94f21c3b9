using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The remainder with the sign of <c>b</c>, as Python's <c>%</c>; for integers 0 where <c>b</c> is 0. ONNX Mod for integers; a − Floor(a / b)·b for floating numbers.</summary>
public sealed record Mod : ArithmeticBinaryOp
{
    /// <inheritdoc/>
    protected override Dim? Content(Dim a, Dim b) => a - (Dim.FloorDiv(a, b) * b);

    internal override CpuKernel MakeFloating<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfFloats<T>>(binding);

    internal override CpuKernel MakeInteger<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfIntegers<T>>(binding);

    private readonly struct OfFloats<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b)
        {
            T rest = a % b;
            return rest == T.Zero ? T.CopySign(T.Zero, b)
                : (rest < T.Zero) != (b < T.Zero) ? rest + b
                : rest;
        }
    }

    private readonly struct OfIntegers<T> : IBinaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => IntegerArithmetic.FloorMod(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The remainder with the sign of <c>b</c>, as Python's <c>%</c>; for integers 0 where <c>b</c> is 0. Shapes broadcast.</summary>
    public Value Mod(Value a, Value b) => Apply(new Mod(), a, b);
}
