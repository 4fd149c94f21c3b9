using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>An operator that computes each element from the one element at the same place.</summary>
public abstract record UnaryOp : Op
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [inputs.Type(0)];
}

/// <summary>A function of one number, in scalar form and over spans.</summary>
internal interface IUnaryFunction<T, TResult>
{
    static abstract TResult Invoke(T x);

    static virtual void Invoke<TSelf>(ReadOnlySpan<T> x, Span<TResult> y)
        where TSelf : IUnaryFunction<T, TResult>
    {
        for (int i = 0; i < x.Length; i++)
        {
            y[i] = TSelf.Invoke(x[i]);
        }
    }
}

/// <summary>The loop over elements, written once for all operators of one argument.</summary>
internal static class ElementLoop
{
    public static CpuKernel Kernel<T, TResult, TFunction>(CpuBinding binding)
        where T : unmanaged
        where TResult : unmanaged
        where TFunction : IUnaryFunction<T, TResult>
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame => TFunction.Invoke<TFunction>(frame.Span<T>(x), frame.Span<TResult>(y));
    }
}
