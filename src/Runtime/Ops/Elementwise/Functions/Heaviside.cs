using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>0 where <c>a</c> is negative, 1 where it is positive, <c>b</c> where it is zero; NaN stays NaN. ONNX has no such operator: two Where.</summary>
public sealed record Heaviside : FloatingBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => T.IsNaN(a) ? a : a < T.Zero ? T.Zero : a > T.Zero ? T.One : b;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>0 where <c>a</c> is negative, 1 where it is positive, <c>b</c> where it is zero; NaN stays NaN. Shapes broadcast.</summary>
    public Value Heaviside(Value a, Value b) => Apply(new Heaviside(), a, b);
}
