using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The smallest whole number not below <c>x</c>. ONNX Ceil.</summary>
public sealed record Ceil : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Ceiling(x);

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.Ceiling(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The smallest whole number not below <c>x</c>.</summary>
    public Value Ceil(Value x) => Apply(new Ceil(), x);
}
