using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>The loop of layer, group and root-mean-square normalisation: moments of a set of elements, then a factor and a shift.</summary>
internal static class MomentKernel
{
    /// <summary>A kernel over inputs x, gamma? and beta?.</summary>
    /// <param name="binding">Where they lie.</param>
    /// <param name="layout">The sets of elements.</param>
    /// <param name="epsilon">Added to the variance, or to the mean of squares.</param>
    /// <param name="centred">Whether the mean is subtracted.</param>
    public static CpuKernel Make<T>(CpuBinding binding, MomentLayout layout, double epsilon, bool centred)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        Slot? gamma = binding.Has(1) ? binding.Input(1) : null, beta = binding.Has(2) ? binding.Input(2) : null;
        if (typeof(T) == typeof(float) && layout.IsContiguous)
        {
            return Rows(x, y, gamma, beta, layout, (float)epsilon, centred);
        }

        Slot row = binding.Workspace(x.DType, layout.Members.Length);
        T added = T.CreateChecked(epsilon);
        return frame =>
        {
            ReadOnlySpan<T> scale = gamma is { } g ? frame.Span<T>(g) : default, shift = beta is { } b ? frame.Span<T>(b) : default;
            for (int group = 0; group < layout.Groups.Length; group++)
            {
                ReadOnlySpan<T> from = frame.Span<T>(x)[layout.Groups[group]..];
                Span<T> to = frame.Span<T>(y)[layout.Groups[group]..];
                if (layout.IsContiguous)
                {
                    to = to[..layout.Members.Length];
                    Normalize(from[..layout.Members.Length], to, added, centred);
                    Scale(to, scale, shift);
                    continue;
                }

                Span<T> gathered = frame.Span<T>(row);
                for (int i = 0; i < gathered.Length; i++)
                {
                    gathered[i] = from[layout.Members[i]];
                }

                Normalize(gathered, gathered, added, centred);
                for (int i = 0; i < gathered.Length; i++)
                {
                    int at = layout.GroupScales[group] + layout.MemberScales[i];
                    T scaled = scale.IsEmpty ? gathered[i] : gathered[i] * scale[at];
                    to[layout.Members[i]] = shift.IsEmpty ? scaled : scaled + shift[at];
                }
            }
        };
    }

    private static unsafe CpuKernel Rows(Slot x, Slot y, Slot? gamma, Slot? beta, MomentLayout layout, float epsilon, bool centred) => frame =>
        RowNormalization.Run(
            frame.Pointer<float>(x), frame.Pointer<float>(y), layout.Groups.Length, layout.Members.Length,
            gamma is { } g ? frame.Pointer<float>(g) : null, beta is { } b ? frame.Pointer<float>(b) : null, epsilon, centred);

    private static void Normalize<T>(ReadOnlySpan<T> x, Span<T> y, T epsilon, bool centred)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        T count = T.CreateChecked(x.Length);
        if (centred)
        {
            TensorPrimitives.Subtract(x, TensorPrimitives.Sum(x) / count, y);
            x = y;
        }

        TensorPrimitives.Multiply(x, T.One / T.Sqrt((TensorPrimitives.SumOfSquares(x) / count) + epsilon), y);
    }

    private static void Scale<T>(Span<T> y, ReadOnlySpan<T> scale, ReadOnlySpan<T> shift)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!scale.IsEmpty)
        {
            TensorPrimitives.Multiply(y, scale, y);
        }

        if (!shift.IsEmpty)
        {
            TensorPrimitives.Add(y, shift, y);
        }
    }
}
