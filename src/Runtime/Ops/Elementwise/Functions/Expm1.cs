using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>e^x − 1</c>, accurate near zero. ONNX has no such operator: Exp(x) − 1, which loses digits near zero.</summary>
public sealed record Expm1 : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.ExpMinusOne)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, NearZero.Expm1);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>e^x − 1</c>, accurate near zero.</summary>
    public Value Expm1(Value x) => Apply(new Expm1(), x);
}
