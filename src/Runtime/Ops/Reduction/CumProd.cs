using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The product of all elements up to each place along an axis. ONNX CumProd from opset 26, before a Scan.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="Exclusive">Whether the element at the place itself is left out.</param>
/// <param name="Reverse">Whether it goes from the end to the beginning.</param>
public sealed record CumProd(int Axis, bool Exclusive = false, bool Reverse = false) : CumulativeOp(Axis, Exclusive, Reverse)
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Kernel<T, ProductReduction<T>>(binding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The product of all elements up to each place along an axis.</summary>
    public Value CumProd(Value x, int axis, bool exclusive = false, bool reverse = false) => Apply(new CumProd(axis, exclusive, reverse), x);
}
