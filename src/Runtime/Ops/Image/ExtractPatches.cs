using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// The windows of a value (batch, spatial…, channels), each laid out along the last axis in the order of its taps and channels:
/// (batch, windows…, taps · channels). Padding gives zeros. Keras's <c>ops.image.extract_patches</c>; ONNX has no such operator.
/// </summary>
/// <param name="Size">The window's size along each spatial axis.</param>
/// <param name="Strides">Steps from window to window.</param>
/// <param name="Dilations">Steps from tap to tap.</param>
/// <param name="Padding">The rule for the edges.</param>
public sealed record ExtractPatches(EquatableList<int> Size, EquatableList<int> Strides, EquatableList<int> Dilations, Padding Padding) : Op, IMovingKernel
{
    internal override bool TakesAnyType => true;

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        Dim[] windows = Window.Output(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape([x[0], .. windows, x[-1] * Size.Aggregate(1, (a, b) => a * b)]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        WindowGeometry geometry = Window.Geometry(x.Shape, y.Shape);
        int channels = x.Shape[-1];
        return frame =>
        {
            ReadOnlySpan<T> from = frame.Span<T>(x);
            Span<T> to = frame.Span<T>(y);
            foreach (Window window in new Windows(geometry))
            {
                Span<T> target = to.Slice(((window.Output * geometry.Taps) + window.Tap) * channels, channels);
                if (window.Input < 0)
                {
                    target.Clear();
                }
                else
                {
                    from.Slice(window.Input * channels, channels).CopyTo(target);
                }
            }
        };
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding) => throw new InvalidOperationException("Text is no image.");

    internal SlidingWindow Window => new(Size, Strides, Dilations, Padding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The windows of x (batch, spatial…, channels), each laid out along the last axis.</summary>
    public Value ExtractPatches(Value x, EquatableList<int> size, EquatableList<int> strides, EquatableList<int> dilations, Padding padding) =>
        Apply(new ExtractPatches(size, strides, dilations, padding), x);
}
