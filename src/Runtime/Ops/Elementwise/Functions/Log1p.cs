using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>log(1 + x)</c>, accurate near zero. ONNX has no such operator: Log(1 + x), which loses digits near zero.</summary>
public sealed record Log1p : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.LogOnePlus)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, NearZero.Log1p);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>log(1 + x)</c>, accurate near zero.</summary>
    public Value Log1p(Value x) => Apply(new Log1p(), x);
}
