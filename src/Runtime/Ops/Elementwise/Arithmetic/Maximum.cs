using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The larger of <c>a</c> and <c>b</c>; NaN if one is NaN. ONNX Max of two inputs.</summary>
public sealed record Maximum : NumericBinaryOp
{
    /// <inheritdoc/>
    public override string Name => "Max";

    /// <inheritdoc/>
    protected override Dim? Content(Dim a, Dim b) => Dim.Max(a, b);

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T a, T b) => T.Max(a, b);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Max(a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Max(a, b, y);

        public static void Invoke<TSelf>(T a, ReadOnlySpan<T> b, Span<T> y)
            where TSelf : IBinaryFunction<T, T> => TensorPrimitives.Max(b, a, y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The larger of <c>a</c> and <c>b</c>; NaN if one is NaN. Shapes broadcast.</summary>
    public Value Maximum(Value a, Value b) => Apply(new Maximum(), a, b);
}
