using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>x</c> is neither infinite nor NaN. ONNX has no such operator: Not(Or(IsInf, IsNaN)).</summary>
public sealed record IsFinite : FloatingTestOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, bool, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, bool>
        where T : IFloatingPointIeee754<T>
    {
        public static bool Invoke(T x) => T.IsFinite(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <c>x</c> is neither infinite nor NaN.</summary>
    public Value IsFinite(Value x) => Apply(new IsFinite(), x);
}
