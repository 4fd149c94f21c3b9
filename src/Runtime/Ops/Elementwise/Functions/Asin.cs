using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The arc sine, in radians. ONNX Asin.</summary>
public sealed record Asin : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Asin(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The arc sine, in radians.</summary>
    public Value Asin(Value x) => Apply(new Asin(), x);
}
