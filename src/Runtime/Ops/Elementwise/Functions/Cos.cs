using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The cosine, in radians. ONNX Cos.</summary>
public sealed record Cos : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Cos(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The cosine, in radians.</summary>
    public Value Cos(Value x) => Apply(new Cos(), x);
}
