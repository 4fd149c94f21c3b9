using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>x</c> where <c>x > alpha</c>, else 0. ONNX ThresholdedRelu.</summary>
/// <param name="Alpha">The threshold.</param>
public sealed record ThresholdedRelu(double Alpha = 1) : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) =>
        ElementLoop.InDouble<T>(binding, x => x > Alpha || double.IsNaN(x) ? x : 0);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x</c> where <c>x > alpha</c>, else 0.</summary>
    public Value ThresholdedRelu(Value x, double alpha = 1) => Apply(new ThresholdedRelu(alpha), x);
}
