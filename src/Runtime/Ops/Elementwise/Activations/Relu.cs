using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>max(x, 0)</c>. ONNX Relu.</summary>
public sealed record Relu : NumericUnaryOp
{
    internal override CpuKernel Bind(CpuBinding binding) => ElementLoop.Lanes(binding, default(Functions.Relu)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) => ElementLoop.Kernel<T, T, Function<T>>(binding);

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

    /// <summary>
    /// Keras's <c>relu(x, negative_slope, max_value, threshold)</c>: <c>x</c> above the threshold, 0 at it,
    /// <c>negative_slope·(x − threshold)</c> below it, and no more than <c>max_value</c>.
    /// </summary>
    public Value Relu(Value x, double negativeSlope, double maxValue = double.PositiveInfinity, double threshold = 0)
    {
        Value y = threshold == 0 ? Relu(x) : Where(Greater(x, threshold), x, Scalar(0, x.DType));
        y = double.IsPositiveInfinity(maxValue) ? y : Clip(y, high: maxValue);
        return negativeSlope == 0 ? y : Sub(y, Mul(Relu(Sub(Scalar(threshold, x.DType), x)), negativeSlope));
    }
}
