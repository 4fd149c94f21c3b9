using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x</c> where <c>x ≥ 0</c>, else <c>alpha·(e^(x/alpha) − 1)</c>. ONNX Celu.</summary>
/// <param name="Alpha">The limit for large negative numbers, negated.</param>
public sealed record Celu(double Alpha = 1) : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, new Functions.Elu((float)Alpha, (float)Alpha)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) =>
        ElementLoop.InDouble<T>(binding, x => x >= 0 ? x : Alpha * NearZero.Expm1(x / Alpha));
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x</c> where <c>x ≥ 0</c>, else <c>alpha·(e^(x/alpha) − 1)</c>.</summary>
    public Value Celu(Value x, double alpha = 1) => Apply(new Celu(alpha), x);
}
