using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// A convolution of each channel alone: <c>y[b, o, c·m + k] = bias[c·m + k] + Σ x[b, o·stride + j·dilation − before, c] · kernel[j, c, k]</c>.
/// ONNX Conv with as many groups as channels, in Keras's layout: kernel (window…, channels, multiplier).
/// </summary>
/// <remarks>Inputs: x, kernel, bias?, residual? (of the result's shape, added before the activation).</remarks>
/// <param name="Strides">Steps from window to window, for each spatial axis.</param>
/// <param name="Dilations">Steps from tap to tap.</param>
/// <param name="Padding">The rule for the edges.</param>
public sealed record DepthwiseConv(EquatableList<int> Strides, EquatableList<int> Dilations, Padding Padding) : Op, IFloatingKernel
{
    /// <summary>What is applied to the sum: an operator of one input, or null for nothing.</summary>
    public Op? Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0), kernel = inputs.Shape(1);
        if (kernel.Rank != x.Rank || !kernel.IsConstant || (x[-1].IsConstant && x[-1] != kernel[-2])
            || (inputs.Has(2) && !inputs.Shape(2).Equals(new SymbolicShape(kernel[-1] * kernel[-2]))))
        {
            throw inputs.Fail($"x {x}, kernel {kernel}{(inputs.Has(2) ? $", bias {inputs.Shape(2)}" : string.Empty)}", "kernel (window…, channels, multiplier) and bias (channels · multiplier)");
        }

        Dim[] spatial = WindowOf([.. kernel.Take(kernel.Rank - 2).Select(d => d.Value)]).Output(inputs);
        return [new TensorType(inputs.DType(0), new SymbolicShape([x[0], .. spatial, kernel[-1] * kernel[-2]]))];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    unsafe CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), kernel = binding.Input(1), y = binding.Output(0);
        WindowGeometry geometry = WindowOf([.. kernel.Shape.Take(kernel.Shape.Rank - 2)]).Geometry(x.Shape, y.Shape);
        int multiplier = kernel.Shape[-1], filters = y.Shape[-1];
        var epilogue = new FusedEpilogue(binding, bias: 2, residual: 3, Activation);
        if (y.Length == 0)
        {
            return static _ => { };
        }

        return frame =>
        {
            if (typeof(T) == typeof(float))
            {
                DepthwiseConvolution.Run(frame.Pointer<float>(x), geometry, frame.Pointer<float>(kernel), multiplier, frame.Pointer<float>(y), epilogue.For(frame, filters));
            }
            else
            {
                SimpleConvolution.ConvolveDepthwise(frame.Span<T>(x), geometry, frame.Span<T>(kernel), multiplier, epilogue.Bias<T>(frame), frame.Span<T>(y));
            }

            epilogue.Finish<T>(frame);
        };
    }

    internal SlidingWindow WindowOf(EquatableList<int> size) => new(size, Strides, Dilations, Padding);
}

public sealed partial class GraphBuilder
{
    /// <summary>The convolution of each channel of x alone, with a kernel (window…, channels, multiplier).</summary>
    public Value DepthwiseConv(Value x, Value kernel, Value? bias, EquatableList<int> strides, EquatableList<int> dilations, Padding padding) =>
        Apply(new DepthwiseConv(strides, dilations, padding), x, kernel, bias);
}
