using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>x/2 · (1 + erf(x/√2))</c>, or <c>x/2 · (1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>. ONNX Gelu.</summary>
/// <param name="Approximate">Whether it is the second formula.</param>
public sealed record Gelu(bool Approximate = false) : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        (Approximate ? ElementLoop.Lanes(binding, default(Functions.GeluTanh)) : ElementLoop.Lanes(binding, default(Functions.Gelu)))
        ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, Approximate ? ByTanh : ByErf);

    private static double ByErf(double x) => 0.5 * x * ErrorFunction.Erfc(-x * 0.70710678118654752440084436210485);

    private static double ByTanh(double x) =>
        0.5 * x * (1 + Math.Tanh(0.79788456080286535587989211986876 * (x + (0.044715 * x * x * x))));
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x/2 · (1 + erf(x/√2))</c>, or the approximation by tanh.</summary>
    public Value Gelu(Value x, bool approximate = false) => Apply(new Gelu(approximate), x);
}
