using System.Numerics;

namespace KerasCompat.Runtime;

/// <summary>Lines along an axis copied together, for functions that need a line's elements side by side.</summary>
internal static class LineLoop
{
    /// <summary>Copies the line that begins at an element.</summary>
    public static void Gather<T>(ReadOnlySpan<T> x, int begin, int stride, Span<T> line)
    {
        for (int i = 0; i < line.Length; i++, begin += stride)
        {
            line[i] = x[begin];
        }
    }

    /// <summary>Where a line begins.</summary>
    /// <param name="lines">The shape seen from the axis.</param>
    /// <param name="line">The number of the line, in the order of the other axes.</param>
    /// <param name="size">Elements along the axis.</param>
    public static int Begin(AxisLines lines, int line, int size) =>
        (line / lines.Inner * size * lines.Inner) + (line % lines.Inner);

    /// <summary>Numbers in order, NaN the largest.</summary>
    public static int Compare<T>(T a, T b)
        where T : INumber<T> =>
        a < b ? -1 : a > b ? 1 : a == b ? 0 : T.IsNaN(a) ? (T.IsNaN(b) ? 0 : 1) : -1;
}
