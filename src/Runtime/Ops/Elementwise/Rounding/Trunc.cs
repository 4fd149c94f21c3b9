using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>x</c> without its fraction, rounded toward zero. ONNX has no such operator: Sign(x) · Floor(|x|).</summary>
public sealed record Trunc : FloatingUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T x) => T.Truncate(x);

        public static void Invoke<TSelf>(ReadOnlySpan<T> x, Span<T> y)
            where TSelf : IUnaryFunction<T, T> => TensorPrimitives.Truncate(x, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x</c> without its fraction, rounded toward zero.</summary>
    public Value Trunc(Value x) => Apply(new Trunc(), x);
}
