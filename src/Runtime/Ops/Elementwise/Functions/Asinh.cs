using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The inverse of the hyperbolic sine. ONNX Asinh.</summary>
public sealed record Asinh : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, Math.Asinh);
}

public sealed partial class GraphBuilder
{
    /// <summary>The inverse of the hyperbolic sine.</summary>
    public Value Asinh(Value x) => Apply(new Asinh(), x);
}
