using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The cube root, real also below zero. ONNX has no such operator: Sign(x) · Pow(|x|, 1/3).</summary>
public sealed record Cbrt : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Cbrt(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The cube root, real also below zero.</summary>
    public Value Cbrt(Value x) => Apply(new Cbrt(), x);
}
