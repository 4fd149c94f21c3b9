using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>−x</c>. ONNX Neg.</summary>
public sealed record Neg : NumericUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T x) => -x;

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.Negate(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>−x</c>.</summary>
    public Value Neg(Value x) => Apply(new Neg(), x);
}
