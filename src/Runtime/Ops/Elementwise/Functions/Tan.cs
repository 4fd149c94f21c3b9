using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The tangent, in radians. ONNX Tan.</summary>
public sealed record Tan : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Tan(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The tangent, in radians.</summary>
    public Value Tan(Value x) => Apply(new Tan(), x);
}
