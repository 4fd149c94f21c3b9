using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The logarithm of base 2. ONNX has no such operator: Log(x) / Log(2).</summary>
public sealed record Log2 : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Log2(x);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The logarithm of base 2.</summary>
    public Value Log2(Value x) => Apply(new Log2(), x);
}
