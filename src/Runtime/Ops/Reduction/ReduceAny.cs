using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where one element along the axes is true, or more; of none, false. ONNX: ReduceMax, from opset 20 on bool, before on numbers.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceAny(EquatableList<int> Axes, bool KeepDims) : ReduceOp(Axes, KeepDims)
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireBool(0);

    internal override CpuKernel Bind(CpuBinding binding) => Reduce.Kernel<byte, AnyReduction, AnyReduction>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>True where one element along the axes is true, or more; of none, false. All axes where none are named.</summary>
    public Value ReduceAny(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceAny(AxesOf(x, axes), keepDims), x);
}
