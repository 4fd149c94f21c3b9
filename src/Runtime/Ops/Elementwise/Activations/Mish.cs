using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x · tanh(softplus(x))</c>. ONNX Mish.</summary>
public sealed record Mish : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Mish)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, x => x * Math.Tanh(NearZero.Softplus(x)));
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x · tanh(softplus(x))</c>.</summary>
    public Value Mish(Value x) => Apply(new Mish(), x);
}
