using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>1 / √x</c>. ONNX has no such operator: Reciprocal of Sqrt.</summary>
public sealed record Rsqrt : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.ReciprocalSquareRoot)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.One / T.Sqrt(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>1 / √x</c>.</summary>
    public Value Rsqrt(Value x) => Apply(new Rsqrt(), x);
}
