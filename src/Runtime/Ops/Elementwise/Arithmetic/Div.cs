using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>a / b</c> of floating numbers; <see cref="TruncDiv"/> and <see cref="FloorDiv"/> divide integers. ONNX Div.</summary>
public sealed record Div : FloatingBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => a / b;

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Divide(a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Divide(a, b, y);

        public static void Invoke<TSelf>(T a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Divide(a, b, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>a / b</c> of floating numbers; <see cref="TruncDiv"/> and <see cref="FloorDiv"/> divide integers. Shapes broadcast.</summary>
    public Value Div(Value a, Value b) => Apply(new Div(), a, b);
}
