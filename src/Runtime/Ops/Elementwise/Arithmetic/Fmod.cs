using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The remainder with the sign of <c>a</c>, as in C; for integers 0 where <c>b</c> is 0. ONNX Mod with fmod = 1.</summary>
public sealed record Fmod : ArithmeticBinaryOp
{
    /// <inheritdoc/>
    public override string Name => "Mod";

    internal override CpuKernel MakeFloating<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfFloats<T>>(binding);

    internal override CpuKernel MakeInteger<T>(CpuBinding binding) => Broadcast.Kernel<T, T, OfIntegers<T>>(binding);

    private readonly struct OfFloats<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => a % b;
    }

    private readonly struct OfIntegers<T> : IBinaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => IntegerArithmetic.TruncMod(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The remainder with the sign of <c>a</c>, as in C; for integers 0 where <c>b</c> is 0. Shapes broadcast.</summary>
    public Value Fmod(Value a, Value b) => Apply(new Fmod(), a, b);
}
