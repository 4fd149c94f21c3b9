using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>The largest element of each window, by channel; padding is smaller than everything. ONNX MaxPool, channels last.</summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Padding">The rule for the edges.</param>
public sealed record MaxPool(EquatableList<int> Size, EquatableList<int> Strides, Padding Padding) : PoolOp(Size, Strides, Padding), INumericKernel
{
    internal override CpuKernel Bind(CpuBinding binding) => binding.Numeric(this);

    unsafe CpuKernel INumericKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        WindowGeometry geometry = Window.Geometry(x.Shape, y.Shape);
        if (typeof(T) == typeof(float))
        {
            return frame => Pooling.Run(frame.Pointer<float>(x), geometry, PoolingKind.Max, frame.Pointer<float>(y));
        }

        int channels = y.Shape[-1];
        // Saturates to the least integer, and is itself where the type has infinities.
        T least = T.CreateSaturating(double.NegativeInfinity);
        return frame =>
        {
            ReadOnlySpan<T> pixels = frame.Span<T>(x);
            Span<T> result = frame.Span<T>(y);
            result.Fill(least);
            foreach (Window window in new Windows(geometry))
            {
                if (window.Input >= 0)
                {
                    Span<T> row = result.Slice(window.Output * channels, channels);
                    TensorPrimitives.Max(row, pixels.Slice(window.Input * channels, channels), row);
                }
            }
        };
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The largest element of each window of x (batch, spatial…, channels), by channel.</summary>
    public Value MaxPool(Value x, EquatableList<int> size, EquatableList<int> strides, Padding padding) => Apply(new MaxPool(size, strides, padding), x);
}
