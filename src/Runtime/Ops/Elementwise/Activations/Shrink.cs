using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>x − bias</c> above <c>lambda</c>, <c>x + bias</c> below <c>−lambda</c>, 0 between. ONNX Shrink. Keras's <c>soft_shrink</c> with bias = lambda, <c>hard_shrink</c> with bias 0.</summary>
/// <param name="Lambda">Half the width of the gap.</param>
/// <param name="Bias">What is taken off outside the gap.</param>
public sealed record Shrink(double Lambda = 0.5, double Bias = 0) : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) =>
        ElementLoop.InDouble<T>(binding, x => x > Lambda ? x - Bias : x < -Lambda ? x + Bias : 0);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x − bias</c> above <c>lambda</c>, <c>x + bias</c> below <c>−lambda</c>, 0 between.</summary>
    public Value Shrink(Value x, double lambda = 0.5, double bias = 0) => Apply(new Shrink(lambda, bias), x);
}
