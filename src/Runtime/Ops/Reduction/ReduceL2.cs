using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The square root of the sum of squares along axes. ONNX ReduceL2.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceL2(EquatableList<int> Axes, bool KeepDims) : FloatingReduceOp(Axes, KeepDims)
{
    internal override CpuKernel Make<T>(CpuBinding binding)
    {
        CpuKernel sums = Reduce.Kernel<T, SumSquareReduction<T>, SumReduction<T>>(binding, Axes);
        Slot y = binding.Output(0);
        return frame =>
        {
            sums(frame);
            TensorPrimitives.Sqrt<T>(frame.Span<T>(y), frame.Span<T>(y));
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The square root of the sum of squares along axes. All axes where none are named.</summary>
    public Value ReduceL2(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceL2(AxesOf(x, axes), keepDims), x);
}
