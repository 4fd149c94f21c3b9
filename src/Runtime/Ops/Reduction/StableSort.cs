using System.Numerics;

namespace KerasCompat.Runtime;

/// <summary>The order of elements by merging, which keeps equal elements in theirs, without memory of its own.</summary>
internal static class StableSort
{
    /// <summary>Runs of this many are sorted by insertion, which is faster for few.</summary>
    private const int Run = 16;

    /// <summary>The places of the elements in order.</summary>
    /// <param name="x">The elements.</param>
    /// <param name="memory">Room for two places an element; the result lies in it.</param>
    /// <param name="descending">Whether the largest comes first.</param>
    public static ReadOnlySpan<int> Order<T>(ReadOnlySpan<T> x, Span<int> memory, bool descending)
        where T : INumber<T>
    {
        Span<int> from = memory[..x.Length], to = memory[x.Length..(2 * x.Length)];
        for (int i = 0; i < x.Length; i++)
        {
            from[i] = i;
        }

        for (int begin = 0; begin < x.Length; begin += Run)
        {
            Insert(x, from[begin..Math.Min(begin + Run, x.Length)], descending);
        }

        for (int run = Run; run < x.Length; run *= 2)
        {
            for (int begin = 0; begin < x.Length; begin += 2 * run)
            {
                int middle = Math.Min(begin + run, x.Length), end = Math.Min(middle + run, x.Length);
                Merge(x, from[begin..middle], from[middle..end], to[begin..end], descending);
            }

            Span<int> swapped = from;
            from = to;
            to = swapped;
        }

        return from;
    }

    private static void Insert<T>(ReadOnlySpan<T> x, Span<int> order, bool descending)
        where T : INumber<T>
    {
        for (int i = 1; i < order.Length; i++)
        {
            int place = order[i], j = i;
            for (; j > 0 && GoesBefore(x[place], x[order[j - 1]], descending); j--)
            {
                order[j] = order[j - 1];
            }

            order[j] = place;
        }
    }

    private static void Merge<T>(ReadOnlySpan<T> x, ReadOnlySpan<int> left, ReadOnlySpan<int> right, Span<int> to, bool descending)
        where T : INumber<T>
    {
        int i = 0, j = 0;
        for (int k = 0; k < to.Length; k++)
        {
            bool fromRight = i == left.Length || (j < right.Length && GoesBefore(x[right[j]], x[left[i]], descending));
            to[k] = fromRight ? right[j++] : left[i++];
        }
    }

    private static bool GoesBefore<T>(T a, T b, bool descending)
        where T : INumber<T> => LineLoop.Compare(a, b) is var order && (descending ? order > 0 : order < 0);
}
