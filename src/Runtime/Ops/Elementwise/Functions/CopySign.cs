using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The size of <c>a</c> with the sign of <c>b</c>. ONNX has no such operator: Where(b &lt; 0, −|a|, |a|), which takes −0 for positive.</summary>
public sealed record CopySign : FloatingBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => T.CopySign(a, b);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The size of <c>a</c> with the sign of <c>b</c>. Shapes broadcast.</summary>
    public Value CopySign(Value a, Value b) => Apply(new CopySign(), a, b);
}
