using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x</c> where <c>x ≥ 0</c>, else <c>alpha·x</c>. ONNX LeakyRelu.</summary>
/// <param name="Alpha">The slope below zero.</param>
public sealed record LeakyRelu(double Alpha) : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, new Functions.LeakyRelu((float)Alpha)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) =>
        ElementLoop.InDouble<T>(binding, x => x >= 0 ? x : Alpha * x);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x</c> where <c>x ≥ 0</c>, else <c>alpha·x</c>.</summary>
    public Value LeakyRelu(Value x, double alpha) => Apply(new LeakyRelu(alpha), x);
}
