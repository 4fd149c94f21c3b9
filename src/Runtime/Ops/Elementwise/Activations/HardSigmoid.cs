using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>clip(alpha·x + beta, 0, 1)</c>. ONNX HardSigmoid.</summary>
/// <param name="Alpha">The slope: 1/6 in Keras 3, 0.2 before.</param>
/// <param name="Beta">The value at zero.</param>
public sealed record HardSigmoid(double Alpha = 1.0 / 6, double Beta = 0.5) : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, new Functions.HardSigmoid((float)Alpha, (float)Beta)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) =>
        ElementLoop.InDouble<T>(binding, x => Math.Clamp((Alpha * x) + Beta, 0, 1));
}

public sealed partial class GraphBuilder
{
    /// <summary><c>clip(alpha·x + beta, 0, 1)</c>.</summary>
    public Value HardSigmoid(Value x, double alpha = 1.0 / 6, double beta = 0.5) => Apply(new HardSigmoid(alpha, beta), x);
}
