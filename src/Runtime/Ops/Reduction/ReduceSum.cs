using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The sum along axes; integers keep their type and wrap. ONNX ReduceSum.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceSum(EquatableList<int> Axes, bool KeepDims) : NumericReduceOp(Axes, KeepDims)
{
    /// <inheritdoc/>
    protected override Dim? Content(IReadOnlyList<Dim> sizes) => sizes.Aggregate(Dim.Zero, (a, b) => a + b);

    internal override CpuKernel Make<T>(CpuBinding binding) => Reduce.Kernel<T, SumReduction<T>, SumReduction<T>>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>The sum along axes; integers keep their type and wrap. All axes where none are named.</summary>
    public Value ReduceSum(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceSum(AxesOf(x, axes), keepDims), x);
}
