using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x / (1 + |x|)</c>. ONNX Softsign.</summary>
public sealed record Softsign : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Softsign)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => x / (T.One + T.Abs(x));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x / (1 + |x|)</c>.</summary>
    public Value Softsign(Value x) => Apply(new Softsign(), x);
}
