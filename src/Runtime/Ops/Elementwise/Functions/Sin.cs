using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The sine, in radians. ONNX Sin.</summary>
public sealed record Sin : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Sin(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The sine, in radians.</summary>
    public Value Sin(Value x) => Apply(new Sin(), x);
}
