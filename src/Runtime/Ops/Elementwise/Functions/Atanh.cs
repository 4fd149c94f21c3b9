using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The inverse of the hyperbolic tangent. ONNX Atanh.</summary>
public sealed record Atanh : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, Math.Atanh);
}

public sealed partial class GraphBuilder
{
    /// <summary>The inverse of the hyperbolic tangent.</summary>
    public Value Atanh(Value x) => Apply(new Atanh(), x);
}
