using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator whose result is its input read with other strides. It takes every element type.</summary>
public abstract record StridedOp : Op, IMovingKernel
{
    internal sealed override bool TakesAnyType => true;

    internal sealed override CpuKernel Bind(CpuBinding binding) => binding.Moving(this, binding.Input(0).DType);

    CpuKernel IMovingKernel.Make<T>(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        StridedCopy copy = Layout(x.Shape, y.Shape);
        return frame => copy.Run<T>(frame.Span<T>(x), frame.Span<T>(y));
    }

    CpuKernel IMovingKernel.MakeText(CpuBinding binding)
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        StridedCopy copy = Layout(x.Shape, y.Shape);
        return frame => copy.Run<string>(frame.Texts(x), frame.Texts(y));
    }

    /// <summary>The strides for concrete shapes.</summary>
    internal abstract StridedCopy Layout(Shape x, Shape y);
}
