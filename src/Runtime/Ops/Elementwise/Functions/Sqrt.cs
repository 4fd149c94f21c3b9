using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>√x</c>, NaN below zero. ONNX Sqrt.</summary>
public sealed record Sqrt : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Sqrt(x);

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.Sqrt(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>√x</c>, NaN below zero.</summary>
    public Value Sqrt(Value x) => Apply(new Sqrt(), x);
}
