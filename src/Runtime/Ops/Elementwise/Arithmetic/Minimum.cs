using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The smaller of <c>a</c> and <c>b</c>; NaN if one is NaN. ONNX Min of two inputs.</summary>
public sealed record Minimum : NumericBinaryOp
{
    /// <inheritdoc/>
    public override string Name => "Min";

    /// <inheritdoc/>
    protected override Dim? Content(Dim a, Dim b) => Dim.Min(a, b);

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T a, T b) => T.Min(a, b);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Min(a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Min(a, b, y);

        public static void Invoke<TSelf>(T a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Min(b, a, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The smaller of <c>a</c> and <c>b</c>; NaN if one is NaN. Shapes broadcast.</summary>
    public Value Minimum(Value a, Value b) => Apply(new Minimum(), a, b);
}
