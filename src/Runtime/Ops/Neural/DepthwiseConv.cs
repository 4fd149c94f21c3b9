using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// A convolution of each channel alone: <c>y[b, o, c·m + k] = bias[c·m + k] + Σ x[b, o·stride + j·dilation − before, c] · kernel[j, c, k]</c>.
/// ONNX Conv with as many groups as channels, in Keras's layout: kernel (window…, channels, multiplier).
/// </summary>
/// <remarks>Inputs: x, kernel, bias?.</remarks>
/// <param name="Strides">Steps from window to window, for each spatial axis.</param>
/// <param name="Dilations">Steps from tap to tap.</param>
/// <param name="Padding">The rule for the edges.</param>
public sealed record DepthwiseConv(IntList Strides, IntList Dilations, Padding Padding) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0), kernel = inputs.Shape(1);
        if (kernel.Rank != x.Rank || !kernel.IsConstant || (x[-1].IsConstant && x[-1] != kernel[-2])
            || (inputs.Has(2) && !inputs.Shape(2).Equals(new SymbolicShape(kernel[-1] * kernel[-2]))))
        {
            throw inputs.Fail($"x {x}, kernel {kernel}{(inputs.Has(2) ? $", bias {inputs.Shape(2)}" : string.Empty)}", "kernel (window…, channels, multiplier) and bias (channels · multiplier)");
        }

        Dim[] spatial = WindowsOf([.. kernel.Take(kernel.Rank - 2).Select(d => d.Value)]).Output(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape([x[0], .. spatial, kernel[-1] * kernel[-2]]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), kernel = binding.Input(1), y = binding.Output(0);
        Slot? bias = binding.Has(2) ? binding.Input(2) : null;
        WindowAxis[] axes = WindowsOf([.. kernel.Shape.Take(kernel.Shape.Rank - 2)]).Bind(x.Shape, y.Shape);
        int channels = x.Shape[-1], multiplier = kernel.Shape[-1];
        return frame =>
        {
            Span<T> result = frame.Span<T>(y);
            Conv.FillRows(result, bias is { } b ? frame.Span<T>(b) : default, channels * multiplier);
            Convolve(frame.Span<T>(x), frame.Span<T>(kernel), result, axes, channels, multiplier);
        };
    }

    private static void Convolve<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y, WindowAxis[] axes, int channels, int multiplier)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int filters = channels * multiplier;
        foreach (WindowTap tap in WindowTaps.Of(axes, y.Length / Math.Max(filters, 1)))
        {
            Span<T> row = y.Slice(tap.Output * filters, filters);
            ReadOnlySpan<T> weights = kernel.Slice(tap.Tap * filters, filters), pixel = x.Slice(tap.Input * channels, channels);
            if (multiplier == 1)
            {
                TensorPrimitives.MultiplyAdd(pixel, weights, row, row);
                continue;
            }

            for (int c = 0; c < channels; c++)
            {
                Span<T> block = row.Slice(c * multiplier, multiplier);
                TensorPrimitives.MultiplyAdd(weights.Slice(c * multiplier, multiplier), pixel[c], block, block);
            }
        }
    }

    private Windows WindowsOf(IntList size) => new(size, Strides, Dilations, Padding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The convolution of each channel of x alone, with a kernel (window…, channels, multiplier).</summary>
    public Value DepthwiseConv(Value x, Value kernel, Value? bias, IntList strides, IntList dilations, Padding padding) =>
        Apply(new DepthwiseConv(strides, dilations, padding), x, kernel, bias);
}
