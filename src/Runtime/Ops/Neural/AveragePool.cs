using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The mean of each window, by channel. ONNX AveragePool, channels last.</summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Padding">The rule for the edges.</param>
/// <param name="CountsPadding">Whether padding counts as zeros; Keras counts only what lies on the input.</param>
public sealed record AveragePool(IntList Size, IntList Strides, Padding Padding, bool CountsPadding) : PoolOp(Size, Strides, Padding), IFloatingKernel
{
    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        WindowAxis[] axes = Windows.Bind(x.Shape, y.Shape);
        int channels = y.Shape[-1], windows = y.Length / Math.Max(channels, 1);
        int taps = Size.Aggregate(1, (a, b) => a * b);
        return frame =>
        {
            ReadOnlySpan<T> pixels = frame.Span<T>(x);
            Span<T> result = frame.Span<T>(y);
            result.Clear();
            int window = -1, count = 0;
            foreach (WindowTap tap in WindowTaps.Of(axes, windows))
            {
                if (tap.Output != window)
                {
                    Divide(result, window, count);
                    (window, count) = (tap.Output, 0);
                }

                count++;
                Span<T> row = result.Slice(window * channels, channels);
                TensorPrimitives.Add(row, pixels.Slice(tap.Input * channels, channels), row);
            }

            Divide(result, window, count);
        };

        void Divide(Span<T> result, int window, int count)
        {
            if (window >= 0)
            {
                Span<T> row = result.Slice(window * channels, channels);
                TensorPrimitives.Divide(row, T.CreateChecked(CountsPadding ? taps : count), row);
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The mean of each window of x (batch, spatial…, channels), by channel.</summary>
    public Value AveragePool(Value x, IntList size, IntList strides, Padding padding, bool countsPadding = false) =>
        Apply(new AveragePool(size, strides, padding, countsPadding), x);
}
