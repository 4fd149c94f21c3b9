using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The angle of the point <c>(b, a)</c>, in radians from −π to π. ONNX has no such operator: Atan of a / b, moved by ±π where b is negative.</summary>
public sealed record Atan2 : FloatingBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => T.Atan2(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The angle of the point <c>(b, a)</c>, in radians from −π to π. Shapes broadcast.</summary>
    public Value Atan2(Value a, Value b) => Apply(new Atan2(), a, b);
}
