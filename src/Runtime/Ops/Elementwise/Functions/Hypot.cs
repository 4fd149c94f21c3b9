using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>√(a² + b²)</c> without overflow on the way. ONNX has no such operator: Sqrt of the squares' sum.</summary>
public sealed record Hypot : FloatingBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => T.Hypot(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>√(a² + b²)</c> without overflow on the way. Shapes broadcast.</summary>
    public Value Hypot(Value a, Value b) => Apply(new Hypot(), a, b);
}
