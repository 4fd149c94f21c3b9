using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The loops of all reductions.</summary>
/// <remarks>
/// Axes to be reduced that are neighbours are taken as one; each such run of axes is one pass, the last axes first, through
/// memory of the plan's. In a pass, elements along the axis lie side by side, or whole rows lie one upon the other. Many rows
/// are halved until <see cref="Block"/> are left: the error of sums then grows with the logarithm of their number.
/// </remarks>
internal static class Reduce
{
    private const int Block = 32;

    /// <summary>The kernel of an operator whose first pass may differ from the later ones, as squares are only taken once.</summary>
    public static CpuKernel Kernel<T, TFirst, TLater>(CpuBinding binding, EquatableList<int> axes)
        where T : unmanaged
        where TFirst : IReduction<T>
        where TLater : IReduction<T>
    {
        Slot x = binding.Input(0), y = binding.Output(0);
        AxisLines[] passes = Passes(x.Shape, axes);
        CpuKernel[] kernels = new CpuKernel[passes.Length];
        Slot from = x;
        for (int i = 0; i < passes.Length; i++)
        {
            AxisLines lines = passes[i];
            Slot to = i == passes.Length - 1 ? y : binding.Workspace(x.DType, lines.Outer * lines.Inner);
            Slot parts = binding.Workspace(x.DType, lines.Inner > 1 ? Halvings(lines.Size) * lines.Inner : 0);
            kernels[i] = i == 0 ? Pass<T, TFirst>(from, to, parts, lines) : Pass<T, TLater>(from, to, parts, lines);
            from = to;
        }

        return kernels.Length == 1 ? kernels[0] : frame =>
        {
            foreach (CpuKernel kernel in kernels)
            {
                kernel(frame);
            }
        };
    }

    private static CpuKernel Pass<T, TReduction>(Slot x, Slot y, Slot parts, AxisLines lines)
        where T : unmanaged
        where TReduction : IReduction<T> => frame =>
        {
            ReadOnlySpan<T> from = frame.Span<T>(x);
            Span<T> to = frame.Span<T>(y);
            if (lines.Size == 0)
            {
                to.Fill(TReduction.Empty);
            }
            else if (lines.Inner == 1)
            {
                for (int i = 0; i < lines.Outer; i++)
                {
                    to[i] = TReduction.Line(from.Slice(i * lines.Size, lines.Size));
                }
            }
            else
            {
                int block = lines.Size * lines.Inner;
                for (int i = 0; i < lines.Outer; i++)
                {
                    Rows<T, TReduction>(from.Slice(i * block, block), to.Slice(i * lines.Inner, lines.Inner), frame.Span<T>(parts), lines.Inner);
                }
            }
        };

    /// <summary>How often so many rows are halved until a block is left.</summary>
    private static int Halvings(int rows) => rows <= Block ? 0 : 1 + Halvings(rows - (rows / 2));

    private static void Rows<T, TReduction>(ReadOnlySpan<T> x, Span<T> y, Span<T> parts, int row)
        where TReduction : IReduction<T>
    {
        if (x.Length > Block * row)
        {
            int half = x.Length / row / 2 * row;
            Rows<T, TReduction>(x[half..], y, parts[row..], row);
            Rows<T, TReduction>(x[..half], parts[..row], parts[row..], row);
            TReduction.Join(parts[..row], y);
            return;
        }

        TReduction.Begin(x[..row], y);
        for (int at = row; at < x.Length; at += row)
        {
            TReduction.Accumulate(x.Slice(at, row), y);
        }
    }

    /// <summary>The passes, the last axes' first. There is at least one, if only over an axis of size 1.</summary>
    public static AxisLines[] Passes(Shape shape, EquatableList<int> axes)
    {
        HashSet<int> reduced = [.. axes.Select(axis => axis < 0 ? axis + shape.Rank : axis)];
        var passes = new List<AxisLines>();
        int inner = 1;
        for (int axis = shape.Rank - 1; axis >= 0;)
        {
            if (!reduced.Contains(axis))
            {
                inner *= shape[axis--];
                continue;
            }

            int end = axis + 1;
            while (axis >= 0 && (reduced.Contains(axis) || shape[axis] == 1))
            {
                axis--;
            }

            passes.Add(new AxisLines(shape.Product(0, axis + 1), shape.Product(axis + 1, end), inner));
        }

        return passes.Count > 0 ? [.. passes] : [new AxisLines(1, 1, shape.ElementCount)];
    }
}
