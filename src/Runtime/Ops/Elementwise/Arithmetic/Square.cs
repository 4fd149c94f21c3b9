using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>x²</c>. ONNX has no such operator: Mul of x and x.</summary>
public sealed record Square : NumericUnaryOp
{
    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T x) => x * x;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x²</c>.</summary>
    public Value Square(Value x) => Apply(new Square(), x);
}
