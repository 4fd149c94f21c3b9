using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>a ≤ b</c>. ONNX LessOrEqual.</summary>
public sealed record LessEqual : ComparisonOp
{
    /// <inheritdoc/>
    public override string Name => "LessOrEqual";

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, bool, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, bool>
        where T : INumber<T>
    {
        public static bool Invoke(T a, T b) => a <= b;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <c>a ≤ b</c>. Shapes broadcast.</summary>
    public Value LessEqual(Value a, Value b) => Apply(new LessEqual(), a, b);
}
