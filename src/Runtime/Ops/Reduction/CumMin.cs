using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The smallest of all elements up to each place along an axis. ONNX has no such operator: a Scan.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Exclusive">Whether the element at the place itself is left out.</param>
/// <param name="Reverse">Whether it goes from the end to the beginning.</param>
public sealed record CumMin(int Axis, bool Exclusive = false, bool Reverse = false) : CumulativeOp(Axis, Exclusive, Reverse)
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Kernel<T, MinReduction<T>>(binding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The smallest of all elements up to each place along an axis.</summary>
    public Value CumMin(Value x, int axis, bool exclusive = false, bool reverse = false) => Apply(new CumMin(axis, exclusive, reverse), x);
}
