using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>The mean of each window, by channel. ONNX AveragePool, channels last.</summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Padding">The rule for the edges.</param>
/// <param name="CountsPadding">Whether padding counts as zeros; Keras counts only what lies on the input.</param>
public sealed record AveragePool(EquatableList<int> Size, EquatableList<int> Strides, Padding Padding, bool CountsPadding) : PoolOp(Size, Strides, Padding), IFloatingKernel
{
    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    unsafe CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        WindowGeometry geometry = Window.Geometry(x.Shape, y.Shape);
        PoolingKind kind = CountsPadding ? PoolingKind.AverageOfWindow : PoolingKind.Average;
        return typeof(T) == typeof(float)
            ? frame => Pooling.Run(frame.Pointer<float>(x), geometry, kind, frame.Pointer<float>(y))
            : frame => Pooling.Run<T>(frame.Span<T>(x), geometry, kind, frame.Span<T>(y));
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The mean of each window of x (batch, spatial…, channels), by channel.</summary>
    public Value AveragePool(Value x, EquatableList<int> size, EquatableList<int> strides, Padding padding, bool countsPadding = false) =>
        Apply(new AveragePool(size, strides, padding, countsPadding), x);
}
