using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x · clip(x/6 + 1/2, 0, 1)</c>, Keras's <c>hard_silu</c>. ONNX HardSwish.</summary>
public sealed record HardSwish : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.HardSilu)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, x => x * Math.Clamp((x / 6) + 0.5, 0, 1));
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x · clip(x/6 + 1/2, 0, 1)</c>, Keras's <c>hard_silu</c>.</summary>
    public Value HardSwish(Value x) => Apply(new HardSwish(), x);
}
