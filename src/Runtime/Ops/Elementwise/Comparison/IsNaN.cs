using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>x</c> is NaN. ONNX IsNaN.</summary>
public sealed record IsNaN : FloatingTestOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, bool, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, bool>
        where T : IFloatingPointIeee754<T>
    {
        public static bool Invoke(T x) => T.IsNaN(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <c>x</c> is NaN.</summary>
    public Value IsNaN(Value x) => Apply(new IsNaN(), x);
}
