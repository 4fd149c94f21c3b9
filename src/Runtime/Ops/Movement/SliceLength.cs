namespace KerasCompat.Runtime;

/// <summary>How many elements <c>[start:end:step]</c> takes from an axis whose size may be symbolic, and where it begins.</summary>
internal static class SliceLength
{
    /// <summary>The place of the first element, for a size that is known.</summary>
    public static int First(int size, int start, int step)
    {
        long place = start < 0 ? (long)start + size : start;
        return (int)(step > 0 ? Math.Clamp(place, 0, size) : Math.Clamp(place, -1, size - 1));
    }

    public static Dim Of(Dim size, int start, Dim end, int step)
    {
        if (size.IsConstant && end.IsConstant)
        {
            int first = First(size.Value, start, step), stop = First(size.Value, end.Value, step);
            int distance = step > 0 ? stop - first : first - stop;
            return distance <= 0 ? 0 : (int)(((long)distance + Math.Abs((long)step) - 1) / Math.Abs((long)step));
        }

        return step > 0 ? Dim.CeilDiv(Forward(size, start, end), step) : Dim.CeilDiv(Backward(size, start, end), -step);
    }

    /// <summary>The number of elements between two places. The usual slices give the shortest expressions, so that equal sizes are seen to be equal.</summary>
    private static Dim Forward(Dim size, int start, Dim end)
    {
        if (start == Slice.Open || end == Slice.OpenBackward)
        {
            return 0;
        }

        bool open = end == Slice.Open || end == size;
        if (start >= 0)
        {
            return open ? AtLeastZero(size - start, start)
                : end is { IsConstant: true, Value: < 0 } ? Dim.Max(size + end - start, 0)
                : end.IsConstant ? end.Value <= start ? 0 : Dim.Min(AtLeastZero(size - start, start), end - start)
                : AtLeastZero(Dim.Min(end, size) - start, start);
        }

        if (open)
        {
            return Dim.Min(size, -start);
        }

        Dim first = Dim.Max(size + start, 0);
        return end is { IsConstant: true, Value: < 0 }
            ? end.Value <= start ? 0 : Dim.Max(size + end, 0) - first
            : Dim.Max(Dim.Min(end, size) - first, 0);
    }

    private static Dim Backward(Dim size, int start, Dim end)
    {
        Dim last = size - 1;
        Dim first = start == Slice.Open || start == -1 ? last : start >= 0 ? Dim.Min(start, last) : Dim.Max(size + start, -1);
        Dim stop = end == Slice.OpenBackward ? -1 : end is { IsConstant: true, Value: < 0 } ? Dim.Max(size + end, -1) : Dim.Min(end, last);
        return first == last && end == Slice.OpenBackward ? size : Dim.Max(first - stop, 0);
    }

    private static Dim AtLeastZero(Dim difference, int start) => start == 0 ? difference : Dim.Max(difference, 0);
}
