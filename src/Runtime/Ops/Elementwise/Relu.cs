using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>max(x, 0)</c>. ONNX Relu.</summary>
public sealed record Relu : UnaryOp, INumericKernel
{
    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

    private readonly struct Function<T> : IUnaryFunction<T, T>
        where T : INumber<T>
    {
        public static T Invoke(T x) => T.Max(x, T.Zero);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>max(x, 0)</c>.</summary>
    public Value Relu(Value x) => Apply(new Relu(), x);
}
