using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>log(e^a + e^b)</c> without overflow on the way. ONNX has no such operator: Max(a, b) + Softplus(−|a − b|).</summary>
public sealed record LogAddExp : FloatingBinaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Broadcast.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IBinaryFunction<T, T>
        where T : IFloatingPointIeee754<T>
    {
        public static T Invoke(T a, T b) => T.CreateTruncating(NearZero.LogAddExp(double.CreateTruncating(a), double.CreateTruncating(b)));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>log(e^a + e^b)</c> without overflow on the way. Shapes broadcast.</summary>
    public Value LogAddExp(Value a, Value b) => Apply(new LogAddExp(), a, b);
}
