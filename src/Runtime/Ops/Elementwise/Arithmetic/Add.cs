using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>a + b</c>. ONNX Add.</summary>
public sealed record Add : NumericBinaryOp
{
    /// <inheritdoc/>
    protected override Dim? Content(Dim a, Dim b) => a + b;

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T a, T b) => a + b;

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Add(a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Add(a, b, y);

        public static void Invoke<TSelf>(T a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Add(b, a, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>a + b</c>. Shapes broadcast.</summary>
    public Value Add(Value a, Value b) => Apply(new Add(), a, b);
}
