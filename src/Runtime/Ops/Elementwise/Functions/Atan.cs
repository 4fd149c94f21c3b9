using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The arc tangent, in radians. ONNX Atan.</summary>
public sealed record Atan : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Atan(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The arc tangent, in radians.</summary>
    public Value Atan(Value x) => Apply(new Atan(), x);
}
