using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The arc cosine, in radians. ONNX Acos.</summary>
public sealed record Acos : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Acos(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The arc cosine, in radians.</summary>
    public Value Acos(Value x) => Apply(new Acos(), x);
}
