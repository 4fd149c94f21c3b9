using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>−1, 0 or 1 as <c>x</c> is negative, zero or positive; NaN stays NaN. ONNX Sign.</summary>
public sealed record Sign : NumericUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T x) => T.IsNaN(x) ? x : T.CreateTruncating(T.Sign(x));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>−1, 0 or 1 as <c>x</c> is negative, zero or positive; NaN stays NaN.</summary>
    public Value Sign(Value x) => Apply(new Sign(), x);
}
