using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The inverse of the hyperbolic cosine. ONNX Acosh.</summary>
public sealed record Acosh : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, Math.Acosh);
}

public sealed partial class GraphBuilder
{
    /// <summary>The inverse of the hyperbolic cosine.</summary>
    public Value Acosh(Value x) => Apply(new Acosh(), x);
}
