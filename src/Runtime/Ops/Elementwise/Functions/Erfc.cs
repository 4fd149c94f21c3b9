using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>1 − erf(x)</c>, accurate where erf is close to 1. ONNX has no such operator: 1 − Erf(x), which loses digits for large x.</summary>
public sealed record Erfc : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.InDouble<T>(binding, ErrorFunction.Erfc);
}

public sealed partial class GraphBuilder
{
    /// <summary><c>1 − erf(x)</c>, accurate where erf is close to 1.</summary>
    public Value Erfc(Value x) => Apply(new Erfc(), x);
}
