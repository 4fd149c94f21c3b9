using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>2^x</c>. ONNX has no such operator: Pow(2, x).</summary>
public sealed record Exp2 : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Exp2(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>2^x</c>.</summary>
    public Value Exp2(Value x) => Apply(new Exp2(), x);
}
