using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels over windows of images, one work-item for each channel of each window: pooling, depthwise convolution, patches.</summary>
internal static class WindowKernels
{
    private const string Arguments =
        "int n, int channels, int i0, int o0, int k0, int s0, int d0, int p0, int i1, int o1, int k1, int s1, int d1, int p1, int i2, int o2, int k2, int s2, int d2, int p2";

    public static bool Max(MaxPool op, DeviceBinding b)
    {
        DType type = b.Type(0);
        string start = type switch
        {
            DType.Float32 or DType.Float64 => "-INFINITY",
            DType.Int32 => "INT_MIN",
            DType.Int64 => "LONG_MIN",
            _ => "0",
        };
        Pool(b, op.Window.Geometry(b.Shape(0), b.OutputShape(0)), start, type.IsFloating() ? "sum = NMAX(sum, v);" : "sum = max(sum, v);", "sum");
        return true;
    }

    public static bool Average(AveragePool op, DeviceBinding b)
    {
        Pool(b, op.Window.Geometry(b.Shape(0), b.OutputShape(0)), "0", "sum += v; count++;", op.CountsPadding ? "sum / (k0 * k1 * k2)" : "sum / count");
        return true;
    }

    public static bool Depthwise(DepthwiseConv op, DeviceBinding b)
    {
        DType type = b.Type(0);
        if (op.Activation is not null && ElementCode.Unary(op.Activation, "v", type) is null)
        {
            return false;
        }

        Shape x = b.Shape(0), kernel = b.Shape(1);
        WindowGeometry windows = op.WindowOf([.. kernel.Take(kernel.Rank - 2)]).Geometry(x, b.OutputShape(0));
        string t = ElementCode.TypeName(type);
        Slot y = b.Output(0), weights = b.Input(1);
        string activation = op.Activation is null ? "v" : ElementCode.Unary(op.Activation, "v", type)!;
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            __kernel void depthwise(__global const {{t}}* x, __global const {{t}}* kernel_, __global const {{t}}* bias, __global const {{t}}* residual, __global {{t}}* y, int multiplier, {{Arguments}})
            {
                int filter = (int)get_global_id(0), filters = channels * multiplier, channel = filter / multiplier, row = (int)get_global_id(1);
                if (filter >= filters) return;
                {{t}} sum = 0;
                {{Walk("sum = fma(x[at * channels + channel], kernel_[tap * filters + filter], sum);")}}
                int to = row * filters + filter;
                {{t}} v = sum{{(b.Has(2) ? " + bias[filter]" : string.Empty)}}{{(b.Has(3) ? " + residual[to]" : string.Empty)}};
                y[to] = {{activation}};
            }

            """,
            "depthwise", WorkRange.Plane(y.Shape[-1], windows.OutputPositions, 32),
            [b.Input(0), weights, b.Has(2) ? b.Input(2) : weights, b.Has(3) ? b.Input(3) : weights, y, kernel[-1], .. Numbers(windows, y.Length, x[-1])]);
        return true;
    }

    public static bool Patches(ExtractPatches op, DeviceBinding b)
    {
        WindowGeometry windows = op.Window.Geometry(b.Shape(0), b.OutputShape(0));
        string bits = ElementCode.BitsName(b.Type(0));
        Slot y = b.Output(0);
        b.Launch(
            $$"""
            __kernel void patches(__global const {{bits}}* x, __global {{bits}}* y, {{Arguments}})
            {
                int channel = (int)get_global_id(0), row = (int)get_global_id(1), taps = k0 * k1 * k2;
                if (channel >= channels) return;
                for (int tap = 0; tap < taps; tap++) y[(row * taps + tap) * channels + channel] = 0;
                {{Walk("y[(row * taps + tap) * channels + channel] = x[at * channels + channel];")}}
            }

            """,
            "patches", WorkRange.Plane(b.Shape(0)[-1], windows.OutputPositions, 32), [b.Input(0), y, .. Numbers(windows, y.Length, b.Shape(0)[-1])]);
        return true;
    }

    /// <summary>Windows of uneven sizes that cover an image: their pixels are listed.</summary>
    public static bool Adaptive(AdaptivePool op, DeviceBinding b)
    {
        (int[] pixels, int[] starts) = op.Windows(b.Shape(0), b.OutputShape(0));
        Slot y = b.Output(0);
        string t = ElementCode.TypeName(b.Type(0));
        bool average = op.Kind == PoolKind.Average;
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            __kernel void adaptive(__global const {{t}}* x, __global {{t}}* y, __global const int* pixels, __global const int* starts, int channels)
            {
                int channel = (int)get_global_id(0), window = (int)get_global_id(1);
                if (channel >= channels) return;
                {{t}} sum = x[pixels[starts[window]] * channels + channel];
                for (int i = starts[window] + 1; i < starts[window + 1]; i++)
                {
                    {{t}} v = x[pixels[i] * channels + channel];
                    sum = {{(average ? "sum + v" : "NMAX(sum, v)")}};
                }
                y[window * channels + channel] = sum{{(average ? " / (starts[window + 1] - starts[window])" : string.Empty)}};
            }

            """,
            "adaptive", WorkRange.Plane(y.Shape[-1], starts.Length - 1, 32), b.Input(0), y, b.Table<int>(pixels), b.Table<int>(starts), y.Shape[-1]);
        return true;
    }

    private static void Pool(DeviceBinding b, WindowGeometry windows, string start, string step, string result)
    {
        Slot y = b.Output(0);
        string t = ElementCode.TypeName(b.Type(0));
        b.Launch(
            $$"""
            {{ElementCode.Prelude}}
            __kernel void pool(__global const {{t}}* x, __global {{t}}* y, {{Arguments}})
            {
                int channel = (int)get_global_id(0), row = (int)get_global_id(1), count = 0;
                if (channel >= channels) return;
                {{t}} sum = {{start}};
                {{Walk($"{t} v = x[at * channels + channel]; {step}")}}
                y[row * channels + channel] = {{result}};
            }

            """,
            "pool", WorkRange.Plane(y.Shape[-1], windows.OutputPositions, 32), [b.Input(0), y, .. Numbers(windows, y.Length, y.Shape[-1])]);
    }

    /// <summary>Goes through the pixels of the window of a row; those outside of the image are left out.</summary>
    private static string Walk(string step) =>
        $$"""
        int w0 = row % o2 * s2 - p2, h0 = row / o2 % o1 * s1 - p1, z0 = row / o2 / o1 % o0 * s0 - p0, image = row / o2 / o1 / o0;
        for (int c = 0; c < k0; c++)
        {
            int z = z0 + c * d0;
            if (z < 0 || z >= i0) continue;
            for (int b = 0; b < k1; b++)
            {
                int h = h0 + b * d1;
                if (h < 0 || h >= i1) continue;
                for (int a = 0; a < k2; a++)
                {
                    int w = w0 + a * d2, tap = (c * k1 + b) * k2 + a;
                    if (w < 0 || w >= i2) continue;
                    int at = ((image * i0 + z) * i1 + h) * i2 + w;
                    {{step}}
                }
            }
        }
        """;

    private static IEnumerable<KernelArgument> Numbers(WindowGeometry windows, int length, int channels) =>
        KernelArgument.All([length, channels, .. ((SpatialAxis[])[windows.Depth, windows.Height, windows.Width]).SelectMany(a => new[] { a.Input, a.Output, a.Kernel, a.Stride, a.Dilation, a.PadBegin })]);
}
