using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The transposed convolution: every input position adds its kernel to <c>full[i·stride + j·dilation] += kernel[j] · x[i]</c>, of which
/// <c>y[t] = bias + full[t + crop]</c> is kept. ONNX ConvTranspose with Keras's layout: x is (batch, spatial…, channels), kernel
/// (window…, filters, channels).
/// </summary>
/// <remarks>Inputs: x, kernel, bias?. An axis of n steps becomes n · stride + extra.</remarks>
/// <param name="Strides">Steps that an input step becomes, for each spatial axis.</param>
/// <param name="Dilations">Steps from tap to tap.</param>
/// <param name="Crop">Steps dropped at the beginning of the full result.</param>
/// <param name="Extra">Steps of the result beyond n · stride; may be negative.</param>
public sealed record ConvTranspose(IntList Strides, IntList Dilations, IntList Crop, IntList Extra) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0), kernel = inputs.Shape(1);
        int spatial = x.Rank - 2;
        if (kernel.Rank != x.Rank || spatial is < 1 or > 3 || !kernel.IsConstant || (x[-1].IsConstant && x[-1] != kernel[-1])
            || Strides.Count != spatial || Dilations.Count != spatial || Crop.Count != spatial || Extra.Count != spatial
            || (inputs.Has(2) && !inputs.Shape(2).Equals(new SymbolicShape(kernel[-2]))))
        {
            throw inputs.Fail($"x {x}, kernel {kernel}{(inputs.Has(2) ? $", bias {inputs.Shape(2)}" : string.Empty)}", "one to three spatial axes, kernel (window…, filters, channels) and bias (filters)");
        }

        IEnumerable<Dim> sizes = Enumerable.Range(0, spatial).Select(i => (x[i + 1] * Strides[i]) + Extra[i]);
        return [new TensorType(inputs.DType(0), new SymbolicShape([x[0], .. sizes, kernel[-2]]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), kernel = binding.Input(1), y = binding.Output(0);
        Slot? bias = binding.Has(2) ? binding.Input(2) : null;
        WindowAxis[] axes = Axes(x.Shape, kernel.Shape, y.Shape);
        int channels = x.Shape[-1], filters = y.Shape[-1];
        return frame =>
        {
            Span<T> result = frame.Span<T>(y);
            Conv.FillRows(result, bias is { } b ? frame.Span<T>(b) : default, filters);
            Scatter(frame.Span<T>(x), frame.Span<T>(kernel), result, axes, channels, filters);
        };
    }

    /// <summary>The windows of the convolution that this one transposes: they lie on the result, one for each input step.</summary>
    private WindowAxis[] Axes(Shape x, Shape kernel, Shape y)
    {
        var axes = new WindowAxis[3];
        int absent = 3 - Strides.Count;
        for (int i = 0; i < 3; i++)
        {
            int own = i - absent;
            axes[i] = own < 0
                ? new WindowAxis(1, 1, 1, 1, 1, 0)
                : new WindowAxis(y[own + 1], x[own + 1], kernel[own], Strides[own], Dilations[own], Crop[own]);
        }

        return axes;
    }

    private static void Scatter<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> kernel, Span<T> y, WindowAxis[] axes, int channels, int filters)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (WindowTap tap in WindowTaps.Of(axes, x.Length / Math.Max(channels, 1)))
        {
            ReadOnlySpan<T> pixel = x.Slice(tap.Output * channels, channels);
            Span<T> row = y.Slice(tap.Input * filters, filters);
            for (int f = 0; f < filters; f++)
            {
                row[f] += TensorPrimitives.Dot(pixel, kernel.Slice(((tap.Tap * filters) + f) * channels, channels));
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The transposed convolution as Keras's Conv*DTranspose layers define it.</summary>
    /// <param name="x">(batch, spatial…, channels).</param>
    /// <param name="kernel">(window…, filters, channels).</param>
    /// <param name="bias">(filters), or null.</param>
    /// <param name="strides">Steps that an input step becomes.</param>
    /// <param name="dilations">Steps from tap to tap.</param>
    /// <param name="padding"><see cref="PaddingMode.Valid"/> or <see cref="PaddingMode.Same"/>.</param>
    /// <param name="outputPadding">Keras's <c>output_padding</c>, which chooses among the sizes that fit; null for Keras's own choice.</param>
    /// <exception cref="ArgumentException">The padding is neither valid nor same.</exception>
    public Value ConvTranspose(Value x, Value kernel, Value? bias, IntList strides, IntList dilations, PaddingMode padding, IntList? outputPadding = null)
    {
        var crop = new int[strides.Count];
        var extra = new int[strides.Count];
        for (int i = 0; i < crop.Length; i++)
        {
            int stride = strides[i], extent = ((kernel.Shape[i].Value - 1) * dilations[i]) + 1;
            (crop[i], extra[i]) = (padding, outputPadding?[i]) switch
            {
                (PaddingMode.Valid, var more) => (0, extent - stride + (more ?? Math.Max(stride - extent, 0))),
                (PaddingMode.Same, null) => (Math.Max(extent - stride, 0) / 2, 0),
                (PaddingMode.Same, int more) => (Math.Max(extent - (extent % 2) - more, 0) / 2, (extent % 2) + more - stride),
                _ => throw new ArgumentException($"Padding {padding}; expected valid or same.", nameof(padding)),
            };
        }

        return Apply(new ConvTranspose(strides, dilations, IntList.Of(crop), IntList.Of(extra)), x, kernel, bias);
    }
}
