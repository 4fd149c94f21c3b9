using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x · sigmoid(x)</c>, Keras's <c>silu</c>. ONNX Swish from opset 24, before Mul of x and Sigmoid.</summary>
public sealed record Swish : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Silu)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => x / (T.One + T.Exp(-x));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x · sigmoid(x)</c>, Keras's <c>silu</c>.</summary>
    public Value Swish(Value x) => Apply(new Swish(), x);
}
