using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>1 / x</c>. ONNX Reciprocal.</summary>
public sealed record Reciprocal : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.One / x;

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.Reciprocal(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>1 / x</c>.</summary>
    public Value Reciprocal(Value x) => Apply(new Reciprocal(), x);
}
