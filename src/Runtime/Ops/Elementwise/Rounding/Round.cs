using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The nearest whole number, halves to the even one. ONNX Round.</summary>
public sealed record Round : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Round(x);

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.Round(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The nearest whole number, halves to the even one.</summary>
    public Value Round(Value x) => Apply(new Round(), x);
}
