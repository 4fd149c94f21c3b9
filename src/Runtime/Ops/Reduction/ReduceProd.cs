using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The product along axes; integers keep their type and wrap. ONNX ReduceProd.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceProd(EquatableList<int> Axes, bool KeepDims) : NumericReduceOp(Axes, KeepDims)
{
    /// <inheritdoc/>
    protected override Dim? Content(IReadOnlyList<Dim> sizes) => Dim.Product(sizes);

    internal override CpuKernel Make<T>(CpuBinding binding) => Reduce.Kernel<T, ProductReduction<T>, ProductReduction<T>>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>The product along axes; integers keep their type and wrap. All axes where none are named.</summary>
    public Value ReduceProd(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceProd(AxesOf(x, axes), keepDims), x);
}
