using System.Numerics;
using KerasCompat.Runtime.Cpu;
using Functions = KerasCompat.Runtime.Cpu.Kernels.Functions;

namespace KerasCompat.Runtime;

/// <summary><c>min(max(x, low), high)</c>; NaN stays NaN. ONNX Clip with constant bounds.</summary>
/// <param name="Low">The smallest result; −∞ for none.</param>
/// <param name="High">The largest result; +∞ for none.</param>
public sealed record Clip(double Low, double High) : NumericUnaryOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        bool whole = (double.IsInfinity(Low) || double.IsInteger(Low)) && (double.IsInfinity(High) || double.IsInteger(High));
        return inputs.DType(0).IsFloating() || whole
            ? base.Infer(inputs)
            : throw inputs.Fail($"bounds {Low} and {High} for {inputs.DType(0).Name()}", "whole bounds for integers");
    }

    internal override CpuKernel Bind(CpuBinding binding) =>
        ElementLoop.Lanes(binding, new Functions.Clip((float)Low, (float)High)) ?? base.Bind(binding);

    internal override CpuKernel Make<T>(CpuBinding binding) =>
        ElementLoop.Kernel<T, T, Formula<T>>(binding, new Formula<T>(T.CreateSaturating(Low), T.CreateSaturating(High)));

    private readonly struct Formula<T>(T low, T high) : IUnaryFormula<T, T>
        where T : INumber<T>
    {
        public T Invoke(T x) => T.Min(T.Max(x, low), high);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>min(max(x, low), high)</c> with constant bounds.</summary>
    public Value Clip(Value x, double low = double.NegativeInfinity, double high = double.PositiveInfinity) =>
        Apply(new Clip(low, high), x);

    /// <summary><c>min(max(x, low), high)</c>. Shapes broadcast.</summary>
    public Value Clip(Value x, Value low, Value high) => Minimum(Maximum(x, low), high);
}
