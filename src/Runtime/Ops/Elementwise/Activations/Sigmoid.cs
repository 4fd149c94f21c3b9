using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>1 / (1 + e^−x)</c>. ONNX Sigmoid.</summary>
public sealed record Sigmoid : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Sigmoid)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.One / (T.One + T.Exp(-x));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>1 / (1 + e^−x)</c>.</summary>
    public Value Sigmoid(Value x) => Apply(new Sigmoid(), x);
}
