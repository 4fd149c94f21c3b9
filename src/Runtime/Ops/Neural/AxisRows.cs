using System.Buffers;

namespace KerasCompat.Runtime;

/// <summary>A function of one row: what an axis holds while the other axes stand still.</summary>
internal delegate void RowFunction<T>(ReadOnlySpan<T> x, Span<T> y);

/// <summary>Applies a function to every row along an axis; where the axis is not the last, rows are gathered and scattered.</summary>
internal static class AxisRows
{
    public static void Run<T>(ReadOnlySpan<T> x, Span<T> y, AxisSplit split, RowFunction<T> function)
        where T : unmanaged
    {
        if (x.Length == 0)
        {
            return;
        }

        if (split.Inner == 1)
        {
            for (int row = 0; row < split.Outer; row++)
            {
                function(x.Slice(row * split.Size, split.Size), y.Slice(row * split.Size, split.Size));
            }

            return;
        }

        T[] rented = ArrayPool<T>.Shared.Rent(split.Size);
        Span<T> line = rented.AsSpan(0, split.Size);
        for (int outer = 0; outer < split.Outer; outer++)
        {
            for (int inner = 0; inner < split.Inner; inner++)
            {
                int at = (outer * split.Size * split.Inner) + inner;
                for (int i = 0; i < line.Length; i++)
                {
                    line[i] = x[at + (i * split.Inner)];
                }

                function(line, line);
                for (int i = 0; i < line.Length; i++)
                {
                    y[at + (i * split.Inner)] = line[i];
                }
            }
        }

        ArrayPool<T>.Shared.Return(rented);
    }
}
