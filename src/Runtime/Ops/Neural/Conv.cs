using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// The convolution (correlation: the kernel is not flipped) over one to three spatial axes:
/// <c>y[b, o, f] = bias[f] + Σ x[b, o·stride + j·dilation − before, c] · kernel[j, c, f]</c>. ONNX Conv with Keras's layout:
/// x is (batch, spatial…, channels), kernel (window…, channels / groups, filters).
/// </summary>
/// <remarks>Inputs: x, kernel, bias?, residual? (of the result's shape, added before the activation). Filters are ordered by group; each group sees its own block of channels.</remarks>
/// <param name="Strides">Steps from window to window, for each spatial axis.</param>
/// <param name="Dilations">Steps from tap to tap.</param>
/// <param name="Padding">The rule for the edges.</param>
/// <param name="Groups">Number of blocks of channels.</param>
public sealed record Conv(EquatableList<int> Strides, EquatableList<int> Dilations, Padding Padding, int Groups = 1) : Op, IFloatingKernel
{
    /// <summary>What is applied to the sum: an operator of one input, or null for nothing.</summary>
    public Op? Activation { get; init; }

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

        Dim[] spatial = WindowOf([.. kernel.Take(kernel.Rank - 2).Select(d => d.Value)]).Output(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape([x[0], .. spatial, kernel[-1]]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), kernel = binding.Input(1), y = binding.Output(0);
        WindowGeometry geometry = WindowOf([.. kernel.Shape.Take(kernel.Shape.Rank - 2)]).Geometry(x.Shape, y.Shape);
        var epilogue = new FusedEpilogue(binding, bias: 2, residual: 3, Activation);
        if (y.Length == 0)
        {
            return static _ => { };
        }

        return typeof(T) == typeof(float)
            ? WinogradOrNull(binding, geometry, epilogue) ?? Fast(binding, geometry, epilogue)
            : frame =>
            {
                SimpleConvolution.Convolve(frame.Span<T>(x), geometry, frame.Span<T>(kernel), y.Shape[-1], Groups, epilogue.Bias<T>(frame), frame.Span<T>(y));
                epilogue.Finish<T>(frame);
            };
    }

    private unsafe CpuKernel Fast(CpuBinding binding, WindowGeometry geometry, FusedEpilogue epilogue)
    {
        Slot x = binding.Input(0), kernel = binding.Input(1), y = binding.Output(0);
        int groupChannels = kernel.Shape[-2], filters = kernel.Shape[-1], groups = Groups;
        Slot workspace = binding.Workspace(DType.Float32, Convolution.WorkspaceFloats(geometry));
        PackedKernel? packed = binding.Constant(1) is not null
            ? binding.Packed(("convolution", groups, KernelTable.Active), w => new PackedKernel(w[0]!.Span, geometry.Taps, groupChannels, filters, groups), [(p, w) => p.Unpack(w)], 1)
            : null;
        return frame =>
        {
            // A kernel that a call brings is packed in that call.
            PackedKernel kernels = packed ?? new PackedKernel(frame.Span<float>(kernel), geometry.Taps, groupChannels, filters, groups);
            Convolution.Run(frame.Pointer<float>(x), geometry, kernels, frame.Pointer<float>(y), epilogue.For(frame, filters), frame.Span<float>(workspace));
            epilogue.Finish<float>(frame);
        };
    }

    /// <summary>With fewer multiplications, where the sizes are such that it pays and no call brings another kernel.</summary>
    private unsafe CpuKernel? WinogradOrNull(CpuBinding binding, WindowGeometry geometry, FusedEpilogue epilogue)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        int filters = y.Shape[-1];
        if (binding.Constant(1) is null || !WinogradConvolution.Suits(geometry, filters, Groups))
        {
            return null;
        }

        Slot workspace = binding.Workspace(DType.Float32, WinogradConvolution.WorkspaceFloats(geometry, filters));
        WinogradKernel kernel = binding.Packed(("winograd", KernelTable.Active), w => new WinogradKernel(w[0]!.Span, geometry.Channels, filters), [], 1);
        return frame =>
        {
            WinogradConvolution.Run(frame.Pointer<float>(x), geometry, kernel, frame.Pointer<float>(y), epilogue.For(frame, filters), frame.Span<float>(workspace));
            epilogue.Finish<float>(frame);
        };
    }

    internal SlidingWindow WindowOf(EquatableList<int> size) => new(size, Strides, Dilations, Padding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The convolution of x (batch, spatial…, channels) with a kernel (window…, channels / groups, filters).</summary>
    public Value Conv(Value x, Value kernel, Value? bias, EquatableList<int> strides, EquatableList<int> dilations, Padding padding, int groups = 1) =>
        Apply(new Conv(strides, dilations, padding, groups), x, kernel, bias);
}
