using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The bits of <c>a</c> or <c>b</c>, of integers. ONNX BitwiseOr.</summary>
public sealed record BitwiseOr : IntegerBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IBinaryInteger<T>
    {
        public static T Invoke(T a, T b) => a | b;

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.BitwiseOr(a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.BitwiseOr(a, b, y);

        public static void Invoke<TSelf>(T a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.BitwiseOr(b, a, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The bits of <c>a</c> or <c>b</c>, of integers. Shapes broadcast.</summary>
    public Value BitwiseOr(Value a, Value b) => Apply(new BitwiseOr(), a, b);
}
