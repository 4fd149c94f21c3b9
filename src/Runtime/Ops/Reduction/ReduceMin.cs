using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The smallest element along axes, NaN if one is NaN; of none, ∞ or the type's largest number. ONNX ReduceMin.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceMin(EquatableList<int> Axes, bool KeepDims) : NumericReduceOp(Axes, KeepDims)
{
    /// <inheritdoc/>
    protected override Dim? Content(IReadOnlyList<Dim> sizes) => sizes.Aggregate(Dim.Min);

    internal override CpuKernel Make<T>(CpuBinding binding) => Reduce.Kernel<T, MinReduction<T>, MinReduction<T>>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>The smallest element along axes, NaN if one is NaN; of none, ∞ or the type's largest number. All axes where none are named.</summary>
    public Value ReduceMin(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceMin(AxesOf(x, axes), keepDims), x);
}
