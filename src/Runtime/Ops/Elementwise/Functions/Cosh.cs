using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The hyperbolic cosine. ONNX Cosh.</summary>
public sealed record Cosh : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Cosh(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The hyperbolic cosine.</summary>
    public Value Cosh(Value x) => Apply(new Cosh(), x);
}
