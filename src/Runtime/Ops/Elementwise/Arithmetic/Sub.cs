using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>a − b</c>. ONNX Sub.</summary>
public sealed record Sub : NumericBinaryOp
{
    /// <inheritdoc/>
    protected override Dim? Content(Dim a, Dim b) => a - b;

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T a, T b) => a - b;

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Subtract(a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Subtract(a, b, y);

        public static void Invoke<TSelf>(T a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Subtract(a, b, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>a − b</c>. Shapes broadcast.</summary>
    public Value Sub(Value a, Value b) => Apply(new Sub(), a, b);
}
