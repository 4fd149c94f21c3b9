using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The largest element of each window, by channel; padding is smaller than everything. ONNX MaxPool, channels last.</summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Padding">The rule for the edges.</param>
public sealed record MaxPool(IntList Size, IntList Strides, Padding Padding) : PoolOp(Size, Strides, Padding), INumericKernel
{
    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        WindowAxis[] axes = Windows.Bind(x.Shape, y.Shape);
        int channels = y.Shape[-1], windows = y.Length / Math.Max(channels, 1);
        // Saturates to the least integer, and is itself where the type has infinities.
        T least = T.CreateSaturating(double.NegativeInfinity);
        return frame =>
        {
            ReadOnlySpan<T> pixels = frame.Span<T>(x);
            Span<T> result = frame.Span<T>(y);
            result.Fill(least);
            foreach (WindowTap tap in WindowTaps.Of(axes, windows))
            {
                Span<T> row = result.Slice(tap.Output * channels, channels);
                TensorPrimitives.Max(row, pixels.Slice(tap.Input * channels, channels), row);
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The largest element of each window of x (batch, spatial…, channels), by channel.</summary>
    public Value MaxPool(Value x, IntList size, IntList strides, Padding padding) => Apply(new MaxPool(size, strides, padding), x);
}
