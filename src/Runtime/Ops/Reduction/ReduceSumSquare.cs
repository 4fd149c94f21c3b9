using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The sum of squares along axes. ONNX ReduceSumSquare.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceSumSquare(EquatableList<int> Axes, bool KeepDims) : NumericReduceOp(Axes, KeepDims)
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Reduce.Kernel<T, SumSquareReduction<T>, SumReduction<T>>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>The sum of squares along axes. All axes where none are named.</summary>
    public Value ReduceSumSquare(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceSumSquare(AxesOf(x, axes), keepDims), x);
}
