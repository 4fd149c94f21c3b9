using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>(a − b)²</c>. ONNX has no such operator: Mul of Sub with itself.</summary>
public sealed record SquaredDifference : NumericBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T a, T b) => (a - b) * (a - b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>(a − b)²</c>. Shapes broadcast.</summary>
    public Value SquaredDifference(Value a, Value b) => Apply(new SquaredDifference(), a, b);
}
