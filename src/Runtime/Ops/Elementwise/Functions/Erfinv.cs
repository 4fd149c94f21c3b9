using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The number whose error function is <c>x</c>; ±∞ at ±1, NaN beyond. ONNX has no such operator and no composition of its operators gives it.</summary>
public sealed record Erfinv : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, ErrorFunction.Inverse);
}

public sealed partial class GraphBuilder
{
    /// <summary>The number whose error function is <c>x</c>; ±∞ at ±1, NaN beyond.</summary>
    public Value Erfinv(Value x) => Apply(new Erfinv(), x);
}
