using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Images at another size: each axis is a weighted sum of neighbouring places, first the rows, then the columns, as on the CPU.</summary>
internal static class ResizeKernels
{
    public static bool Filter(Resize op, DeviceBinding b)
    {
        Slot x = b.Input(0), y = b.Output(0);
        if (y.Length == 0 || y.Shape == x.Shape)
        {
            MovementKernels.Strided(b, x, new StridedCopy(0, [y.Length], [1]), y);
            return true;
        }

        (int images, int height, int width, int channels) = (x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]);
        Slot lines = b.Workspace(x.DType, images * y.Shape[1] * width * channels);
        Along(b, x, lines, images, height, ResizeAxis.Of(height, y.Shape[1], op.Interpolation, op.Antialias, op.HalfPixelCenters), width * channels);
        Along(b, lines, y, images * y.Shape[1], width, ResizeAxis.Of(width, y.Shape[2], op.Interpolation, op.Antialias, op.HalfPixelCenters), channels);
        return true;
    }

    private static void Along(DeviceBinding b, Slot x, Slot y, int outer, int size, ResizeAxis axis, int inner)
    {
        string t = ElementTypes.TypeName(x.DType);
        int count = axis.Starts.Length;
        var rows = new RowGrid(b.Device, outer * count, inner);
        Slot weights = x.DType == DType.Float64 ? b.Table<double>(axis.Weights) : b.Table<float>([.. axis.Weights.Select(w => (float)w)]);
        b.Launch(
            $$"""
            __kernel void filter(__global const {{t}}* restrict x, __global {{t}}* restrict y, __global const int* restrict starts, __global const {{t}}* restrict weights, {{RowGrid.Parameters}}, int count, int size, int taps)
            {
                {{rows.Head}}
                int place = row % count, from = (row / count * size + starts[place]) * width;
                {{rows.Each}}
                {
                    {{t}} sum = 0;
                    for (int tap = 0; tap < taps; tap++) sum = fma(x[from + tap * width + column], weights[place * taps + tap], sum);
                    y[row * width + column] = sum;
                }
            }

            """,
            "filter", rows.Range, [x, y, b.Table<int>(axis.Starts), weights, .. rows.Arguments, count, size, axis.Taps]);
    }
}
