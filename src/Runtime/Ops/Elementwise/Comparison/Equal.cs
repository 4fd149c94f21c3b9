using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where <c>a = b</c>: numbers, bool or text. ONNX Equal.</summary>
public sealed record Equal : ComparisonOp
{
    private protected override bool TakesText => true;

    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, bool, Function<T>>(binding);

    internal override CpuKernel MakeText(CpuBinding binding) => Broadcast.TextKernel<bool, OfTexts>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, bool>
        where T : INumber<T>
    {
        public static bool Invoke(T a, T b) => a == b;
    }

    private readonly struct OfTexts : IBinaryFunction<string, bool>
    {
        public static bool Invoke(string a, string b) => string.Equals(a, b, StringComparison.Ordinal);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>True where <c>a = b</c>: numbers, bool or text. Shapes broadcast.</summary>
    public Value Equal(Value a, Value b) => Apply(new Equal(), a, b);
}
