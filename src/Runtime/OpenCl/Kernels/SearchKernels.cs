using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels that find elements of a line and their places: the largest, the smallest, the first in order.</summary>
internal static class SearchKernels
{
    /// <summary>The place of the largest or smallest element; of equal ones the first, of NaN the first.</summary>
    public static bool Find(ArgOp op, DeviceBinding b)
    {
        AxisLines lines = AxisLines.Of(b.Shape(0), op.Axis);
        Slot y = b.Output(0);
        if (lines.Size == 0 && y.Length > 0)
        {
            throw new ArgumentException($"Axis {op.Axis} of {b.Shape(0)} has no element to be found.");
        }

        string t = ElementTypes.TypeName(b.Type(0)), sign = op is ArgMax ? ">" : "<";
        b.Launch(
            $$"""
            {{Prelude.Source}}
            __kernel void find(__global const {{t}}* x, __global long* y, int n, int size, int inner)
            {
                int line = (int)get_global_id(0), best = 0;
                if (line >= n) return;
                x += line / inner * size * inner + line % inner;
                {{t}} found = x[0];
                for (int i = 1; i < size; i++)
                {
                    {{t}} v = x[i * inner];
                    if (v {{sign}} found || (v != v && found == found)) { found = v; best = i; }
                }
                y[line] = best;
            }

            """,
            "find", WorkRange.Line(y.Length), b.Input(0), y, y.Length, lines.Size, lines.Inner);
        return true;
    }

    /// <summary>The first elements in order, and their places: the place of an element is the number of those that go before it.</summary>
    /// <remarks>Comparing all with all is quick for as many work-items as there are elements; longer lines are sorted on the CPU.</remarks>
    public static bool Best(TopK op, DeviceBinding b)
    {
        const int LongestLine = 8192;
        AxisLines lines = AxisLines.Of(b.Shape(0), op.Axis);
        int count = b.OutputShape(0)[op.Axis];
        if (lines.Size > LongestLine || count > lines.Size)
        {
            return false;
        }

        string t = ElementTypes.TypeName(b.Type(0));
        int elements = b.Shape(0).ElementCount;
        b.Launch(
            $$"""
            // NaN is the largest number.
            #define ABOVE(a, b) ((a) > (b) || ((a) != (a) && (b) == (b)))
            __kernel void best(__global const {{t}}* restrict x, __global {{t}}* restrict values, __global long* restrict places, int n, int size, int inner, int count)
            {
                int i = (int)get_global_id(0), outer = i / inner / size, own = i / inner % size, first = outer * size * inner + i % inner, place = 0;
                if (i >= n) return;
                {{t}} v = x[i];
                for (int k = 0; k < size; k++)
                {
                    {{t}} other = x[first + k * inner];
                    place += {{(op.Largest ? "ABOVE(other, v) || (!ABOVE(v, other) && k < own)" : "ABOVE(v, other) || (!ABOVE(other, v) && k < own)")}};
                }
                if (place >= count) return;
                int to = (outer * count + place) * inner + i % inner;
                values[to] = v;
                places[to] = own;
            }

            """,
            "best", WorkRange.Line(count == 0 ? 0 : elements), b.Input(0), b.Output(0), b.Output(1), elements, lines.Size, lines.Inner, count);
        return true;
    }
}
