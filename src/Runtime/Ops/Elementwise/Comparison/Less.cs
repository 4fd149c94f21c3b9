using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>a &lt; b</c>. ONNX Less.</summary>
public sealed record Less : ComparisonOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, bool, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, bool>
        where T : INumber<T>
    {
        public static bool Invoke(T a, T b) => a < b;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <c>a &lt; b</c>. Shapes broadcast.</summary>
    public Value Less(Value a, Value b) => Apply(new Less(), a, b);
}
