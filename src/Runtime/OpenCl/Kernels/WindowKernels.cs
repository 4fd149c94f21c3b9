using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime.OpenCl.Kernels;

/// <summary>Kernels over windows of images: pooling, depthwise convolution, patches. On a GPU a work-item has one channel of a window, on a CPU all channels of a few, in vectors.</summary>
internal static class WindowKernels
{
    /// <summary>Neighbouring windows that an item of a CPU takes: what depends on the tap alone is loaded once for all.</summary>
    private const int WindowsOfItem = 4;

    private const string Arguments =
        "int rows, int channels, int i0, int o0, int k0, int s0, int d0, int p0, int i1, int o1, int k1, int s1, int d1, int p1, int i2, int o2, int k2, int s2, int d2, int p2";

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
        Pool(b, op.Window.Geometry(b.Shape(0), b.OutputShape(0)), start, type.IsFloating() ? "NMAX(sum, v)" : "max(sum, v)", "sum");
        return true;
    }

    public static bool Average(AveragePool op, DeviceBinding b)
    {
        Pool(b, op.Window.Geometry(b.Shape(0), b.OutputShape(0)), "0", "sum + v", op.CountsPadding ? "sum / (k0 * k1 * k2)" : "sum / count");
        return true;
    }

    public static bool Depthwise(DepthwiseConv op, DeviceBinding b)
    {
        DType type = b.Type(0);
        if (ElementCode.Activation(op.Activation, "v", new Lanes(type, 1)) is null)
        {
            return false;
        }

        Shape kernel = b.Shape(1);
        WindowGeometry windows = op.WindowOf([.. kernel.Take(kernel.Rank - 2)]).Geometry(b.Shape(0), b.OutputShape(0));
        string t = ElementTypes.TypeName(type);
        Slot y = b.Output(0), weights = b.Input(1);
        int multiplier = kernel[-1];
        string pixel = multiplier == 1 ? "x + at * channels + filter" : $"x + at * (channels / {multiplier}) + filter / {multiplier}";
        string body = EachChannel(b, "filter", l => (multiplier > 1 && l.Count > 1) || ElementCode.Activation(op.Activation, "v", l) is not { } activation ? null
            : new Window(
                "0",
                k => $"{l.Type} weight{k} = {l.Load($"kernel_ + tap * channels + filter + {l.Count * k}")};",
                k => $"sum = fma({l.Load($"{pixel} + {l.Count * k}")}, weight{k}, sum);",
                k => $$"""
                    {{l.Type}} v = sum;
                    {{(b.Has(2) ? $"v += {l.Load($"bias + filter + {l.Count * k}")};" : string.Empty)}}
                    {{(b.Has(3) ? $"v += {l.Load($"residual + row * channels + filter + {l.Count * k}")};" : string.Empty)}}
                    {{l.Store(activation, $"y + row * channels + filter + {l.Count * k}")}}
                    """));
        b.Launch(
            $$"""
            {{Prelude.Source}}
            __kernel void depthwise(__global const {{t}}* restrict x, __global const {{t}}* restrict kernel_, __global const {{t}}* restrict bias, __global const {{t}}* restrict residual, __global {{t}}* restrict y, {{Arguments}})
            {
                {{body}}
            }

            """,
            "depthwise", RangeOf(b, y.Shape[-1], windows),
            [b.Input(0), weights, b.Has(2) ? b.Input(2) : weights, b.Has(3) ? b.Input(3) : weights, y, .. Numbers(windows, y.Shape[-1])]);
        return true;
    }

    public static bool Patches(ExtractPatches op, DeviceBinding b)
    {
        WindowGeometry windows = op.Window.Geometry(b.Shape(0), b.OutputShape(0));
        string bits = ElementTypes.BitsName(b.Type(0));
        Slot y = b.Output(0);
        b.Launch(
            $$"""
            __kernel void patches(__global const {{bits}}* x, __global {{bits}}* y, {{Arguments}})
            {
                int channel = (int)get_global_id(1), row = (int)get_global_id(0), taps = k0 * k1 * k2;
                if (channel >= channels) return;
                for (int tap = 0; tap < taps; tap++) y[(row * taps + tap) * channels + channel] = 0;
                {{Walk("y[(row * taps + tap) * channels + channel] = x[at * channels + channel];")}}
            }

            """,
            "patches", WorkRange.Rows(windows.OutputPositions, b.Shape(0)[-1], 32), [b.Input(0), y, .. Numbers(windows, b.Shape(0)[-1])]);
        return true;
    }

    /// <summary>Windows of uneven sizes that cover an image: their pixels are listed.</summary>
    public static bool Adaptive(AdaptivePool op, DeviceBinding b)
    {
        (int[] pixels, int[] starts) = op.Windows(b.Shape(0), b.OutputShape(0));
        Slot y = b.Output(0);
        string t = ElementTypes.TypeName(b.Type(0));
        bool average = op.Kind == PoolKind.Average;
        b.Launch(
            $$"""
            {{Prelude.Source}}
            __kernel void adaptive(__global const {{t}}* x, __global {{t}}* y, __global const int* pixels, __global const int* starts, int channels)
            {
                int channel = (int)get_global_id(1), window = (int)get_global_id(0);
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
            "adaptive", WorkRange.Rows(starts.Length - 1, y.Shape[-1], 32), b.Input(0), y, b.Table<int>(pixels), b.Table<int>(starts), y.Shape[-1]);
        return true;
    }

    private static void Pool(DeviceBinding b, WindowGeometry windows, string start, string step, string result)
    {
        Slot y = b.Output(0);
        string t = ElementTypes.TypeName(b.Type(0));
        string body = EachChannel(b, "channel", l => new Window(
            start,
            _ => string.Empty,
            k => $"{l.Type} v = {l.Load($"x + at * channels + channel + {l.Count * k}")}; sum = {step};",
            k => l.Store(result, $"y + row * channels + channel + {l.Count * k}")));
        b.Launch(
            $$"""
            {{Prelude.Source}}
            __kernel void pool(__global const {{t}}* restrict x, __global {{t}}* restrict y, {{Arguments}})
            {
                {{body}}
            }

            """,
            "pool", RangeOf(b, y.Shape[-1], windows), [b.Input(0), y, .. Numbers(windows, y.Shape[-1])]);
    }

    private static WorkRange RangeOf(DeviceBinding b, int channels, WindowGeometry windows)
    {
        int width = windows.Width.Output, lines = windows.OutputPositions / Math.Max(width, 1);
        return b.Device.IsCpu ? WorkRange.Rows(channels == 0 ? 0 : lines, (width + WindowsOfItem - 1) / WindowsOfItem, 1) : WorkRange.Rows(windows.OutputPositions, channels, 32);
    }

    /// <summary>The code of all channels of the windows that are the item's.</summary>
    /// <param name="b">The operator.</param>
    /// <param name="channel">The channel's name in the code.</param>
    /// <param name="window">What is done with a window in variables of so many elements; null where that cannot be.</param>
    private static string EachChannel(DeviceBinding b, string channel, Func<Lanes, Window?> window)
    {
        DType type = b.Type(0);
        const string Begin = "int h0 = line % o1 * s1 - p1, z0 = line / o1 % o0 * s0 - p0, image = line / o1 / o0, w0 = first * s2 - p2;\n";
        if (!b.Device.IsCpu)
        {
            var one = new Lanes(type, 1);
            return $"int {channel} = (int)get_global_id(1), line = (int)get_global_id(0) / o2, first = (int)get_global_id(0) % o2, windows = 1;\n{Begin}if ({channel} >= channels) return;\n{window(one)!.Code(one, 1, 1)}";
        }

        (int Lanes, int Vectors)[] blocks = [(Lanes.Vector, 2), (Lanes.Vector, 1), (1, 1)];
        return $"int {channel} = 0, line = (int)get_global_id(0), first = (int)get_global_id(1) * {WindowsOfItem}, windows = min({WindowsOfItem}, o2 - first);\n{Begin}" + string.Concat(blocks.Select(block =>
            window(new Lanes(type, block.Lanes)) is { } w
                ? $"for (; {channel} + {block.Lanes * block.Vectors} <= channels; {channel} += {block.Lanes * block.Vectors})\n{w.Code(new Lanes(type, block.Lanes), block.Vectors, WindowsOfItem)}"
                : string.Empty));
    }

    /// <summary>Goes through the pixels of the window of a row; those outside of the image are left out.</summary>
    private static string Walk(string step) =>
        $$"""
        int w0 = row % o2 * s2 - p2, h0 = row / o2 % o1 * s1 - p1, z0 = row / o2 / o1 % o0 * s0 - p0, image = row / o2 / o1 / o0;
        {{Taps($"if (w >= 0 && w < i2) {{ int at = pixels + w; {step} }}")}}
        """;

    /// <summary>Goes through the taps of a window that begins at <c>z0</c>, <c>h0</c> and <c>w0</c> of an <c>image</c>, in the lines inside it: <c>pixels</c> is where a line begins, <c>w</c> the place in it.</summary>
    private static string Taps(string step) =>
        $$"""
        for (int c = 0; c < k0; c++)
        {
            int z = z0 + c * d0;
            if (z < 0 || z >= i0) continue;
            for (int b = 0; b < k1; b++)
            {
                int h = h0 + b * d1;
                if (h < 0 || h >= i1) continue;
                int pixels = ((image * i0 + z) * i1 + h) * i2;
                for (int a = 0; a < k2; a++)
                {
                    int tap = (c * k1 + b) * k2 + a, w = w0 + a * d2;
                    {{step}}
                }
            }
        }
        """;

    private static IEnumerable<KernelArgument> Numbers(WindowGeometry windows, int channels) =>
        KernelArgument.All([windows.OutputPositions, channels, .. ((SpatialAxis[])[windows.Depth, windows.Height, windows.Width]).SelectMany(a => new[] { a.Input, a.Output, a.Kernel, a.Stride, a.Dilation, a.PadBegin })]);

    /// <summary>What is done with a window, in some vectors: each begins at a value, takes in the pixels <c>at</c>, and is stored in a <c>row</c>.</summary>
    /// <param name="Start">The value of <c>sum</c> before the first pixel.</param>
    /// <param name="Load">Loads what belongs to a <c>tap</c> of a vector.</param>
    /// <param name="Step">Takes a vector of a pixel into <c>sum</c>.</param>
    /// <param name="Store">Stores <c>sum</c>, made of so many (<c>count</c>) pixels.</param>
    private sealed record Window(string Start, Func<int, string> Load, Func<int, string> Step, Func<int, string> Store)
    {
        public string Code(Lanes lanes, int vectors, int windows)
        {
            int[] all = [.. Enumerable.Range(0, vectors)], places = [.. Enumerable.Range(0, windows)];
            string step = string.Join(" ", all.Select(Load)) + string.Join("\n", places.Select(p => $"{{ if ({(p > 0 ? $"{p} < windows && " : string.Empty)}w >= 0 && w < i2) {{ {Steps(p)}}} w += s2; }}"));
            string Steps(int p) => $"count{p}++; int at = pixels + w; {string.Concat(all.Select(k => $"{{ {lanes.Type} sum = sum{p}_{k}; {Step(k)} sum{p}_{k} = sum; }} "))}";
            return $$"""
                {
                    {{string.Join(" ", places.Select(p => $"int count{p} = 0; {string.Join(" ", all.Select(k => $"{lanes.Type} sum{p}_{k} = ({lanes.Type})({Start});"))}"))}}
                    {{Taps(step)}}
                    {{string.Join("\n    ", places.Select(p => $"{(p > 0 ? $"if ({p} < windows) " : string.Empty)}{{ int row = line * o2 + first + {p}, count = count{p}; {string.Concat(all.Select(k => $"{{ {lanes.Type} sum = sum{p}_{k}; {Store(k)} }} "))}}}"))}}
                }

                """;
        }
    }
}
