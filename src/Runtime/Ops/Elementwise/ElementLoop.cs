using System.Numerics;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

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

/// <summary>A function of one number whose constants are the struct's fields.</summary>
internal interface IUnaryFormula<T, TResult>
{
    TResult Invoke(T x);
}

/// <summary>The loops over elements, written once for all operators of one argument.</summary>
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

    public static CpuKernel Kernel<T, TResult, TFormula>(CpuBinding binding, TFormula formula)
        where T : unmanaged
        where TResult : unmanaged
        where TFormula : struct, IUnaryFormula<T, TResult>
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            ReadOnlySpan<T> from = frame.Span<T>(x);
            Span<TResult> to = frame.Span<TResult>(y);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = formula.Invoke(from[i]);
            }
        };
    }

    /// <summary>The kernel that keeps whole vector registers of float in flight; null for other element types.</summary>
    public static unsafe CpuKernel? Lanes<TFunction>(CpuBinding binding, TFunction function)
        where TFunction : struct, IUnary
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return x.DType == DType.Float32 ? frame => VectorMath.Map(function, frame.Pointer<float>(x), frame.Pointer<float>(y), x.Length) : null;
    }

    /// <summary>The kernel of a function that is written in double precision, for both floating types.</summary>
    public static CpuKernel InDouble<T>(CpuBinding binding, Func<double, double> function)
        where T : unmanaged, INumber<T>
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        return frame =>
        {
            ReadOnlySpan<T> from = frame.Span<T>(x);
            Span<T> to = frame.Span<T>(y);
            for (int i = 0; i < from.Length; i++)
            {
                to[i] = T.CreateTruncating(function(double.CreateTruncating(from[i])));
            }
        };
    }
}
