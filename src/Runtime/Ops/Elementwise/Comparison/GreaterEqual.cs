using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>a ≥ b</c>. ONNX GreaterOrEqual.</summary>
public sealed record GreaterEqual : ComparisonOp
{
    /// <inheritdoc/>
    public override string Name => "GreaterOrEqual";

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, bool, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, bool>
        where T : INumber<T>
    {
        public static bool Invoke(T a, T b) => a >= b;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <c>a ≥ b</c>. Shapes broadcast.</summary>
    public Value GreaterEqual(Value a, Value b) => Apply(new GreaterEqual(), a, b);
}
