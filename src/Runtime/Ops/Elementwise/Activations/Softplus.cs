using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>log(1 + e^x)</c>. ONNX Softplus.</summary>
public sealed record Softplus : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Softplus)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, NearZero.Softplus);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>log(1 + e^x)</c>.</summary>
    public Value Softplus(Value x) => Apply(new Softplus(), x);
}
