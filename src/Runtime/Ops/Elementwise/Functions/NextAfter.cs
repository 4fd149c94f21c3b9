using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The number of the element type next to <c>a</c> on the way to <c>b</c>. ONNX has no such operator.</summary>
public sealed record NextAfter : BinaryOp
{
    // Widened to float32, the neighbour would be that of another type.
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs)
    {
        if (inputs.DType(0) is not (DType.Float16 or DType.Float32 or DType.Float64))
        {
            throw inputs.Fail(inputs.DType(0).Name(), "float16, float32 or float64");
        }
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Input(0).DType switch
    {
        DType.Float16 => Broadcast.Kernel<Half, Half, Function<Half>>(binding),
        DType.Float32 => Broadcast.Kernel<float, float, Function<float>>(binding),
        _ => Broadcast.Kernel<double, double, Function<double>>(binding),
    };

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) =>
            T.IsNaN(a) || T.IsNaN(b) ? T.NaN
            : a == b ? b
            : a < b ? T.BitIncrement(a) : T.BitDecrement(a);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The number next to <paramref name="a"/> on the way to <paramref name="b"/>. Shapes broadcast.</summary>
    public Value NextAfter(Value a, Value b) => Apply(new NextAfter(), a, b);
}
