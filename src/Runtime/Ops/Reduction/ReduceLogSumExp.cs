using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary><c>log Σ e^x</c> along axes, without overflow on the way; of no elements −∞. ONNX ReduceLogSumExp.</summary>
/// <param name="Axes">The axes.</param>
/// <param name="KeepDims">Whether the axes stay, with size 1.</param>
public sealed record ReduceLogSumExp(EquatableList<int> Axes, bool KeepDims) : FloatingReduceOp(Axes, KeepDims)
{
    internal override CpuKernel Make<T>(CpuBinding binding)
    {
        // The reduced axes moved to the end: then each result has one line.
        Slot x = binding.Input(0), y = binding.Output(0), moved = binding.Workspace(x.DType, x.Length);
        int[] strides = x.Shape.Strides();
        int[] reduced = [.. Axes.Select(axis => axis < 0 ? axis + x.Shape.Rank : axis).Order()];
        int[] order = [.. Enumerable.Range(0, x.Shape.Rank).Except(reduced), .. reduced];
        Shape shape = x.Shape;
        var copy = new StridedCopy(0, [.. order.Select(axis => shape[axis])], [.. order.Select(axis => strides[axis])]);
        int size = y.Length == 0 ? 0 : x.Length / y.Length;
        return frame =>
        {
            Span<T> lines = frame.Span<T>(moved), results = frame.Span<T>(y);
            copy.Run<T>(frame.Span<T>(x), lines);
            for (int i = 0; i < results.Length; i++)
            {
                results[i] = Line(lines.Slice(i * size, size));
            }
        };
    }

    private static T Line<T>(Span<T> x)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Length == 0)
        {
            return T.NegativeInfinity;
        }

        T max = TensorPrimitives.Max<T>(x);
        if (!T.IsFinite(max))
        {
            return max;
        }

        TensorPrimitives.Subtract<T>(x, max, x);
        TensorPrimitives.Exp<T>(x, x);
        return T.Log(TensorPrimitives.Sum<T>(x)) + max;
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>log Σ e^x</c> along axes. All axes where none are named.</summary>
    public Value ReduceLogSumExp(Value x, EquatableList<int>? axes = null, bool keepDims = false) => Apply(new ReduceLogSumExp(AxesOf(x, axes), keepDims), x);
}
