using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The loop over two broadcast inputs, written once for all operators of two arguments.</summary>
/// <remarks>
/// Neighbouring axes along which each input either advances or repeats in the same way are taken as one. The innermost is
/// handed to the function as spans, in which a repeated input is one element long; an odometer walks the others.
/// </remarks>
internal static class Broadcast
{
    public static CpuKernel Kernel<T, TResult, TFunction>(CpuBinding binding)
        where T : unmanaged
        where TResult : unmanaged
        where TFunction : IBinaryFunction<T, TResult>
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        Axis[] axes = Axes(a.Shape, b.Shape, y.Shape);
        if (y.Length == 0)
        {
            return static _ => { };
        }

        Axis inner = axes.Length == 0 ? new Axis(1, 0, 0) : axes[^1];
        Axis[] outer = axes.Length == 0 ? [] : axes[..^1];
        if (outer.Length == 0)
        {
            return frame => TFunction.Invoke<TFunction>(frame.Span<T>(a), frame.Span<T>(b), frame.Span<TResult>(y));
        }

        int rows = y.Length / inner.Size;
        int lengthA = inner.StrideA == 0 ? 1 : inner.Size, lengthB = inner.StrideB == 0 ? 1 : inner.Size;
        return frame =>
        {
            ReadOnlySpan<T> spanA = frame.Span<T>(a), spanB = frame.Span<T>(b);
            Span<TResult> spanY = frame.Span<TResult>(y);
            Span<int> at = stackalloc int[outer.Length];
            at.Clear();
            int offsetA = 0, offsetB = 0;
            for (int row = 0; row < rows; row++)
            {
                TFunction.Invoke<TFunction>(spanA.Slice(offsetA, lengthA), spanB.Slice(offsetB, lengthB), spanY.Slice(row * inner.Size, inner.Size));
                for (int i = outer.Length - 1; i >= 0; i--)
                {
                    offsetA += outer[i].StrideA;
                    offsetB += outer[i].StrideB;
                    if (++at[i] < outer[i].Size)
                    {
                        break;
                    }

                    offsetA -= outer[i].Size * outer[i].StrideA;
                    offsetB -= outer[i].Size * outer[i].StrideB;
                    at[i] = 0;
                }
            }
        };
    }

    private static Axis[] Axes(Shape a, Shape b, Shape y)
    {
        var axes = new List<Axis>();
        int strideA = a.Length, strideB = b.Length;
        for (int i = 0; i < y.Rank; i++)
        {
            int sizeA = Size(a, i), sizeB = Size(b, i);
            strideA /= Math.Max(sizeA, 1);
            strideB /= Math.Max(sizeB, 1);
            if (y[i] == 1)
            {
                continue;
            }

            var axis = new Axis(y[i], sizeA == 1 ? 0 : strideA, sizeB == 1 ? 0 : strideB);
            if (axes.Count > 0 && Joins(axes[^1].StrideA, axis.StrideA, axis.Size) && Joins(axes[^1].StrideB, axis.StrideB, axis.Size))
            {
                axes[^1] = axis with { Size = axes[^1].Size * axis.Size };
            }
            else
            {
                axes.Add(axis);
            }
        }

        return [.. axes];

        int Size(Shape shape, int axis) => axis - (y.Rank - shape.Rank) is var own && own >= 0 ? shape[own] : 1;

        static bool Joins(int outer, int inner, int size) => outer == inner * size;
    }

    private readonly record struct Axis(int Size, int StrideA, int StrideB);
}
