using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>|x|</c>. ONNX Abs.</summary>
public sealed record Abs : NumericUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T x) => T.IsNegative(x) ? -x : x;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>|x|</c>.</summary>
    public Value Abs(Value x) => Apply(new Abs(), x);
}
