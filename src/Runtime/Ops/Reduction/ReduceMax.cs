using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The largest element along axes, NaN if one is NaN; of none, −∞ or the type's smallest number. ONNX ReduceMax.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceMax(EquatableList<int> Axes, bool KeepDims) : NumericReduceOp(Axes, KeepDims)
{
    /// <inheritdoc/>
    protected override Dim? Content(IReadOnlyList<Dim> sizes) => sizes.Aggregate(Dim.Max);

    internal override CpuKernel Make<T>(CpuBinding binding) => Reduce.Kernel<T, MaxReduction<T>, MaxReduction<T>>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>The largest element along axes, NaN if one is NaN; of none, −∞ or the type's smallest number. All axes where none are named.</summary>
    public Value ReduceMax(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceMax(AxesOf(x, axes), keepDims), x);
}
