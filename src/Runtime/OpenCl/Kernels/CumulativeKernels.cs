namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Running sums, products and extremes along an axis.</summary>
internal static class CumulativeKernels
{
    public static bool Cumulate(CumulativeOp op, DeviceBinding b)
    {
        DType type = b.Type(0);
        string t = ElementTypes.TypeName(type);
        (string? empty, string fold) = op switch
        {
            CumSum => ("0", "sum + v"),
            CumProd => ("1", "sum * v"),
            CumMax => (Fold.Least(type), Fold.Larger(type, "sum", "v")),
            CumMin => (Fold.Greatest(type), Fold.Smaller(type, "sum", "v")),
            _ => ((string?)null, string.Empty),
        };
        if (empty is null)
        {
            return false;
        }

        AxisLines lines = AxisLines.Of(b.Shape(0), op.Axis);
        b.Launch(
            $$"""
            {{Prelude.Source}}
            __kernel void cumulate(__global const {{t}}* x, __global {{t}}* y, int n, int size, int inner)
            {
                int line = (int)get_global_id(0);
                if (line >= n) return;
                int first = line / inner * size * inner + line % inner;
                {{t}} sum = {{empty}};
                for (int i = 0; i < size; i++)
                {
                    int at = first + {{(op.Reverse ? "(size - 1 - i)" : "i")}} * inner;
                    {{t}} v = x[at];
                    {{(op.Exclusive ? $"y[at] = sum; sum = {fold};" : $"sum = {fold}; y[at] = sum;")}}
                }
            }

            """,
            "cumulate", WorkRange.Line(lines.Size == 0 ? 0 : (long)lines.Outer * lines.Inner), b.Input(0), b.Output(0), lines.Outer * lines.Inner, lines.Size, lines.Inner);
        return true;
    }
}
