using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The mean along axes; of no elements NaN. ONNX ReduceMean.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceMean(EquatableList<int> Axes, bool KeepDims) : FloatingReduceOp(Axes, KeepDims)
{
    internal override CpuKernel Make<T>(CpuBinding binding)
    {
        CpuKernel sums = Reduce.Kernel<T, SumReduction<T>, SumReduction<T>>(binding, Axes);
        Slot y = binding.Output(0);
        T count = T.CreateTruncating(binding.Input(0).Length / Math.Max(y.Length, 1));
        return frame =>
        {
            sums(frame);
            TensorPrimitives.Divide(frame.Span<T>(y), count, frame.Span<T>(y));
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The mean along axes; of no elements NaN. All axes where none are named.</summary>
    public Value ReduceMean(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceMean(AxesOf(x, axes), keepDims), x);
}
