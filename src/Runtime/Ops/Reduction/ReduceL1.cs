using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The sum of absolute values along axes. ONNX ReduceL1.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceL1(EquatableList<int> Axes, bool KeepDims) : FloatingReduceOp(Axes, KeepDims)
{
    internal override CpuKernel Make<T>(CpuBinding binding) => Reduce.Kernel<T, SumAbsReduction<T>, SumReduction<T>>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>The sum of absolute values along axes. All axes where none are named.</summary>
    public Value ReduceL1(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceL1(AxesOf(x, axes), keepDims), x);
}
