using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>True where every element along the axes is true; of none, true. ONNX: ReduceMin, from opset 20 on bool, before on numbers.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceAll(EquatableList<int> Axes, bool KeepDims) : ReduceOp(Axes, KeepDims)
{
    /// <inheritdoc/>
    protected override void RequireType(OpInference inputs) => inputs.RequireBool(0);

    internal override CpuKernel Bind(CpuBinding binding) => Reduce.Kernel<byte, AllReduction, AllReduction>(binding, Axes);
}

public sealed partial class GraphBuilder
{
    /// <summary>True where every element along the axes is true; of none, true. All axes where none are named.</summary>
    public Value ReduceAll(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceAll(AxesOf(x, axes), keepDims), x);
}
