using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary>The hyperbolic tangent. ONNX Tanh.</summary>
public sealed record Tanh : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Tanh)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Tanh(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The hyperbolic tangent.</summary>
    public Value Tanh(Value x) => Apply(new Tanh(), x);
}
