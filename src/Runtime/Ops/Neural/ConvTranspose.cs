using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

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
public sealed record ConvTranspose(EquatableList<int> Strides, EquatableList<int> Dilations, EquatableList<int> Crop, EquatableList<int> Extra) : Op, IFloatingKernel
{
    /// <summary>What is applied to the sum: an operator of one input, or null for nothing.</summary>
    public Op? Activation { get; init; }

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
        WindowGeometry geometry = Geometry(x.Shape, kernel.Shape, y.Shape);
        var epilogue = new FusedEpilogue(binding, bias: 2, residual: null, Activation);
        if (y.Length == 0)
        {
            return static _ => { };
        }

        return typeof(T) == typeof(float)
            ? Fast(binding, geometry, epilogue)
            : frame =>
            {
                SimpleConvolution.ConvolveTransposed(frame.Span<T>(x), geometry, frame.Span<T>(kernel), x.Shape[-1], epilogue.Bias<T>(frame), frame.Span<T>(y));
                epilogue.Finish<T>(frame);
            };
    }

    private static unsafe CpuKernel Fast(CpuBinding binding, WindowGeometry geometry, FusedEpilogue epilogue)
    {
        Slot x = binding.Input(0), kernel = binding.Input(1), y = binding.Output(0);
        int filters = kernel.Shape[-2], channels = kernel.Shape[-1];
        Slot workspace = binding.Workspace(DType.Float32, TransposedConvolution.WorkspaceFloats(geometry));
        PackedMatrix? packed = binding.Constant(1) is not null
            ? binding.Packed(("transposed convolution", KernelTable.Active), w => TransposedConvolution.Pack(w[0]!.Span, geometry.Taps, filters, channels), [TransposedConvolution.Unpack], 1)
            : null;
        return frame =>
        {
            // A kernel that a call brings is packed in that call.
            PackedMatrix kernels = packed ?? TransposedConvolution.Pack(frame.Span<float>(kernel), geometry.Taps, filters, channels);
            TransposedConvolution.Run(frame.Pointer<float>(x), geometry, kernels, frame.Pointer<float>(y), epilogue.For(frame, filters), frame.Span<float>(workspace));
            epilogue.Finish<float>(frame);
        };
    }

    /// <summary>The windows of the convolution that this one transposes: they lie on the result, one for each input step.</summary>
    internal WindowGeometry Geometry(Shape x, Shape kernel, Shape y)
    {
        var axes = new SpatialAxis[Strides.Count];
        for (int i = 0; i < axes.Length; i++)
        {
            axes[i] = new SpatialAxis(y[i + 1], x[i + 1], kernel[i], Strides[i], Dilations[i], Crop[i]);
        }

        return new WindowGeometry(x[0], y[-1], axes);
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
    public Value ConvTranspose(Value x, Value kernel, Value? bias, EquatableList<int> strides, EquatableList<int> dilations, PaddingMode padding, EquatableList<int>? outputPadding = null)
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

        return Apply(new ConvTranspose(strides, dilations, EquatableList.Create<int>(crop), EquatableList.Create<int>(extra)), x, kernel, bias);
    }
}
