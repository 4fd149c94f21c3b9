using System.Numerics;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator that makes one element of all elements along some axes.</summary>
/// <param name="Axes">The axes; none leaves the shape as it is.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public abstract record ReduceOp(EquatableList<int> Axes, bool KeepDims) : Op
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        RequireType(inputs);
        SymbolicShape x = inputs.Shape(0);
        HashSet<int> reduced = [.. Axes.Select(axis => inputs.Axis(axis, x.Rank))];
        if (reduced.Count != Axes.Count)
        {
            throw inputs.Fail($"axes {Axes}", "different axes");
        }

        IEnumerable<Dim> dims = KeepDims
            ? x.Select((size, axis) => reduced.Contains(axis) ? Dim.One : size)
            : x.Where((_, axis) => !reduced.Contains(axis));
        return [new TensorType(inputs.DType(0), new SymbolicShape(dims))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Dim>? InferContent(OpInference inputs) =>
        inputs.Shape(0).Rank == 1 && Axes.Count == 1 && inputs.Content(0) is { Count: > 0 } sizes && Content(sizes) is { } size ? [size] : null;

    /// <summary>The operator on a vector of sizes; null where sizes have no such operation.</summary>
    protected virtual Dim? Content(IReadOnlyList<Dim> sizes) => null;

    /// <summary>Fails where the operator has no meaning for the input's element type.</summary>
    protected virtual void RequireType(OpInference inputs) => inputs.RequireNumeric(0);
}

/// <summary>A <see cref="ReduceOp"/> on numbers: floating and integer types.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public abstract record NumericReduceOp(EquatableList<int> Axes, bool KeepDims) : ReduceOp(Axes, KeepDims), INumericKernel
{
    internal sealed override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>;
}

/// <summary>A <see cref="ReduceOp"/> on floating types alone.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public abstract record FloatingReduceOp(EquatableList<int> Axes, bool KeepDims) : ReduceOp(Axes, KeepDims), IFloatingKernel
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireFloating(0);

    internal sealed override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => Make<T>(binding);

    internal abstract CpuKernel Make<T>(CpuBinding binding)
        where T : unmanaged, IFloatingPointIeee754<T>, IMinMaxValue<T>;
}

public sealed partial class GraphBuilder
{
    /// <summary>The axes of a reduction: all where none are named.</summary>
    private static EquatableList<int> AxesOf(Value x, EquatableList<int>? axes) => axes ?? [.. Enumerable.Range(0, x.Rank)];
}
