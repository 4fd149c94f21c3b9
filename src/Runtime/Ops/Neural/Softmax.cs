using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;
using Kernels = KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary><c>exp(x − max) / Σ exp(x − max)</c> along an axis. ONNX Softmax (opset 13).</summary>
/// <param name="Axis">The axis whose elements sum to 1.</param>
public sealed record Softmax(int Axis) : Op, IFloatingKernel
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireFloating(0);
        inputs.Axis(Axis, inputs.Shape(0).Rank);
        return [inputs.Type(0)];
    }

    internal override CpuKernel Bind(CpuBinding binding) => binding.Floating(this);

    unsafe CpuKernel IFloatingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        AxisSplit split = AxisSplit.Of(x.Shape, Axis);
        if (typeof(T) == typeof(float))
        {
            return frame => Kernels.Softmax.Run(frame.Pointer<float>(x), frame.Pointer<float>(y), split.Outer, split.Size, split.Inner);
        }

        return frame => AxisRows.Run(frame.Span<T>(x), frame.Span<T>(y), split, Row);
    }

    /// <summary>The softmax of one row, which may be computed in place.</summary>
    internal static void Row<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        TensorPrimitives.Subtract(x, TensorPrimitives.Max(x), y);
        TensorPrimitives.Exp<T>(y, y);
        TensorPrimitives.Divide(y, TensorPrimitives.Sum<T>(y), y);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>exp(x) / Σ exp(x)</c> along an axis.</summary>
    public Value Softmax(Value x, int axis = -1) => Apply(new Softmax(axis), x);
}
