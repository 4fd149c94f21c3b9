using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary>The error function, <c>2/√π · ∫₀ˣ e^−t² dt</c>. ONNX Erf.</summary>
public sealed record Erf : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Erf)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, ErrorFunction.Erf);
}

public sealed partial class GraphBuilder
{
    /// <summary>The error function, <c>2/√π · ∫₀ˣ e^−t² dt</c>.</summary>
    public Value Erf(Value x) => Apply(new Erf(), x);
}
