using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The logarithm of base 10. ONNX has no such operator: Log(x) / Log(10).</summary>
public sealed record Log10 : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Log10(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The logarithm of base 10.</summary>
    public Value Log10(Value x) => Apply(new Log10(), x);
}
