using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The sum of all elements up to each place along an axis. ONNX CumSum.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Exclusive">Whether the element at the place itself is left out.</param>
/// <param name="Reverse">Whether it goes from the end to the beginning.</param>
public sealed record CumSum(int Axis, bool Exclusive = false, bool Reverse = false) : CumulativeOp(Axis, Exclusive, Reverse)
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Kernel<T, SumReduction<T>>(binding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The sum of all elements up to each place along an axis.</summary>
    public Value CumSum(Value x, int axis, bool exclusive = false, bool reverse = false) => Apply(new CumSum(axis, exclusive, reverse), x);
}
