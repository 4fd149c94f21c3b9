using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>x · inv + (beta − mean · inv)</c> with <c>inv = gamma / √(variance + epsilon)</c>, a factor and a shift for each step of one
/// axis. ONNX BatchNormalization in inference, but on any axis (Keras's channels are last).
/// </summary>
/// <remarks>Inputs: x, mean, variance, gamma?, beta?; absent gamma is 1, absent beta is 0.</remarks>
/// <param name="Axis">The axis of the channels.</param>
/// <param name="Epsilon">Added to the variance.</param>
public sealed record BatchNormalization(int Axis, double Epsilon) : Op, IFloatingKernel
{
    /// <summary>What is applied to the result: an operator of one input, or null for nothing.</summary>
    public Op? Activation { get; init; }

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        Dim channels = inputs.Shape(0)[inputs.Axis(Axis, inputs.Shape(0).Rank)];
        for (int i = 1; i < inputs.Count; i++)
        {
            if (inputs.Has(i) && !inputs.Shape(i).Equals(new SymbolicShape(channels)))
            {
                throw inputs.Fail($"parameter {i} of shape {inputs.Shape(i)}", $"({channels})");
            }
        }

        return [inputs.Type(0)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0), mean = binding.Input(1), variance = binding.Input(2);
        Slot? gamma = binding.Has(3) ? binding.Input(3) : null, beta = binding.Has(4) ? binding.Input(4) : null;
        AxisSplit split = AxisSplit.Of(x.Shape, Axis);
        Slot factor = binding.Workspace(x.DType, split.Size), shift = binding.Workspace(x.DType, split.Size);
        T epsilon = T.CreateChecked(Epsilon);
        bool fast = typeof(T) == typeof(float) && split.Inner == 1;
        var epilogue = new FusedEpilogue(binding, bias: null, residual: null, fast ? Activation : null);
        CpuKernel? after = fast || Activation is null ? null : binding.Inner(Activation, y, y);
        return frame =>
        {
            Span<T> factors = frame.Span<T>(factor), shifts = frame.Span<T>(shift);
            ReadOnlySpan<T> means = frame.Span<T>(mean), variances = frame.Span<T>(variance);
            for (int c = 0; c < factors.Length; c++)
            {
                factors[c] = (gamma is { } g ? frame.Span<T>(g)[c] : T.One) / T.Sqrt(variances[c] + epsilon);
                shifts[c] = (beta is { } b ? frame.Span<T>(b)[c] : T.Zero) - (means[c] * factors[c]);
            }

            if (fast)
            {
                ScaleChannels(frame, x, factor, shift, epilogue, y);
                epilogue.Finish<T>(frame);
            }
            else
            {
                Scale(frame.Span<T>(x), factors, shifts, frame.Span<T>(y), split);
                after?.Invoke(frame);
            }
        };
    }

    private static unsafe void ScaleChannels(CpuFrame frame, Slot x, Slot factor, Slot shift, FusedEpilogue epilogue, Slot y) => ChannelScaling.Run(
        frame.Pointer<float>(x), frame.Pointer<float>(factor), frame.Pointer<float>(shift), factor.Length, x.Length / Math.Max(1, factor.Length),
        epilogue.For(frame, factor.Length), frame.Pointer<float>(y));

    /// <summary><c>x · factor + shift</c> along an axis.</summary>
    private static void Scale<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> factors, ReadOnlySpan<T> shifts, Span<T> y, AxisSplit split)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int at = 0, c = 0; at < x.Length; at += split.Inner, c = c + 1 == split.Size ? 0 : c + 1)
        {
            Span<T> row = y.Slice(at, split.Inner);
            TensorPrimitives.Multiply(x.Slice(at, split.Inner), factors[c], row);
            TensorPrimitives.Add(row, shifts[c], row);
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>(x − mean) / √(variance + epsilon) · gamma + beta</c> along the axis of the channels.</summary>
    public Value BatchNormalization(Value x, Value mean, Value variance, Value? gamma, Value? beta, int axis = -1, double epsilon = 1e-3) =>
        Apply(new BatchNormalization(axis, epsilon), x, mean, variance, gamma, beta);
}
