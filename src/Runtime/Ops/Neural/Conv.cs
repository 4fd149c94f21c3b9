using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The convolution (correlation: the kernel is not flipped) over one to three spatial axes:
/// <c>y[b, o, f] = bias[f] + Σ x[b, o·stride + j·dilation − before, c] · kernel[j, c, f]</c>. ONNX Conv with Keras's layout:
/// x is (batch, spatial…, channels), kernel (window…, channels / groups, filters).
/// </summary>
/// <remarks>Inputs: x, kernel, bias?. Filters are ordered by group; each group sees its own block of channels.</remarks>
/// <param name="Strides">Steps from window to window, for each spatial axis.</param>
/// <param name="Dilations">Steps from tap to tap.</param>
/// <param name="Padding">The rule for the edges.</param>
/// <param name="Groups">Number of blocks of channels.</param>
public sealed record Conv(IntList Strides, IntList Dilations, Padding Padding, int Groups = 1) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0), kernel = inputs.Shape(1);
        if (kernel.Rank != x.Rank || !kernel.IsConstant || kernel[-1].Value % Groups != 0
            || (x[-1].IsConstant && x[-1] != kernel[-2] * Groups)
            || (inputs.Has(2) && !inputs.Shape(2).Equals(new SymbolicShape(kernel[-1]))))
        {
            throw inputs.Fail($"x {x}, kernel {kernel}{(inputs.Has(2) ? $", bias {inputs.Shape(2)}" : string.Empty)}, {Groups} groups", "kernel (window…, channels / groups, filters) and bias (filters)");
        }

        Dim[] spatial = WindowsOf([.. kernel.Take(kernel.Rank - 2).Select(d => d.Value)]).Output(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape([x[0], .. spatial, kernel[-1]]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), kernel = binding.Input(1), y = binding.Output(0);
        Slot? bias = binding.Has(2) ? binding.Input(2) : null;
        WindowAxis[] axes = WindowsOf([.. kernel.Shape.Take(kernel.Shape.Rank - 2)]).Bind(x.Shape, y.Shape);
        int channels = x.Shape[-1], filters = y.Shape[-1];
        return frame =>
        {
            Span<T> result = frame.Span<T>(y);
            FillRows(result, bias is { } b ? frame.Span<T>(b) : default, filters);
            Convolve(frame.Span<T>(x), frame.Span<T>(kernel), result, axes, channels, filters);
        };
    }

    /// <summary>Each row of a result becomes the bias, or zeros.</summary>
    internal static void FillRows<T>(Span<T> y, ReadOnlySpan<T> bias, int filters)
    {
        if (bias.IsEmpty)
        {
            y.Clear();
            return;
        }

        for (int at = 0; at < y.Length; at += filters)
        {
            bias.CopyTo(y.Slice(at, filters));
        }
    }

    private void Convolve<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y, WindowAxis[] axes, int channels, int filters)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int groupChannels = channels / Groups, groupFilters = filters / Groups;
        foreach (WindowTap tap in WindowTaps.Of(axes, y.Length / Math.Max(filters, 1)))
        {
            Span<T> row = y.Slice(tap.Output * filters, filters);
            for (int c = 0; c < channels; c++)
            {
                int group = c / groupChannels;
                Span<T> block = row.Slice(group * groupFilters, groupFilters);
                ReadOnlySpan<T> weights = kernel.Slice((((tap.Tap * groupChannels) + (c % groupChannels)) * filters) + (group * groupFilters), groupFilters);
                TensorPrimitives.MultiplyAdd(weights, x[(tap.Input * channels) + c], block, block);
            }
        }
    }

    private Windows WindowsOf(IntList size) => new(size, Strides, Dilations, Padding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The convolution of x (batch, spatial…, channels) with a kernel (window…, channels / groups, filters).</summary>
    public Value Conv(Value x, Value kernel, Value? bias, IntList strides, IntList dilations, Padding padding, int groups = 1) =>
        Apply(new Conv(strides, dilations, padding, groups), x, kernel, bias);
}
