using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>1.0507009873554805 · x</c> where <c>x > 0</c>, else <c>1.0507009873554805 · 1.6732632423543772 · (e^x − 1)</c>. ONNX Selu with Keras's constants.</summary>
public sealed record Selu : FloatingUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, default(Functions.Selu)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, x => 1.0507009873554804934193349852946 * (x > 0 ? x : 1.6732632423543772848170429916717 * NearZero.Expm1(x)));
}

public sealed partial class GraphBuilder
{
    /// <summary><c>1.0507009873554805 · x</c> where <c>x > 0</c>, else <c>1.0507009873554805 · 1.6732632423543772 · (e^x − 1)</c>.</summary>
    public Value Selu(Value x) => Apply(new Selu(), x);
}
