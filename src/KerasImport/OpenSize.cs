using KerasCompat.Runtime;

namespace KerasCompat;

/// <summary>Finds the one open size of an input's shape from a count of elements.</summary>
internal static class OpenSize
{
    /// <exception cref="ArgumentException">Several sizes are open, or no size fits the count.</exception>
    public static Shape Shape(Value input, int count)
    {
        int open = -1;
        long known = 1;
        Span<int> dims = stackalloc int[input.Rank];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            if (input.Shape[axis].ValueOrNull is { } size)
            {
                dims[axis] = size;
                known *= size;
            }
            else
            {
                // With an open batch and an open length the numbers are one row.
                dims[axis] = 1;
                open = open <= 0 ? axis : throw new ArgumentException($"Input \"{input.Name}\" has shape {input.Shape}: give the shape.");
            }
        }

        if (open >= 0)
        {
            dims[open] = known == 0 ? 0 : (int)(count / known);
        }

        return new Shape(dims);
    }
}
