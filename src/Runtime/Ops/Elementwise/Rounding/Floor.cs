using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The largest whole number not above <c>x</c>. ONNX Floor.</summary>
public sealed record Floor : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Floor(x);

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.Floor(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The largest whole number not above <c>x</c>.</summary>
    public Value Floor(Value x) => Apply(new Floor(), x);
}
