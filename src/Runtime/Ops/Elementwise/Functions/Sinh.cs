using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The hyperbolic sine. ONNX Sinh.</summary>
public sealed record Sinh : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Sinh(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The hyperbolic sine.</summary>
    public Value Sinh(Value x) => Apply(new Sinh(), x);
}
