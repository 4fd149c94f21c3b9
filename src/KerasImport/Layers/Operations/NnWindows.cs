using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.nn</c> that slide windows: poolings, convolutions, fold, and blocks of pixels.</summary>
internal static class NnWindows
{
    public static OperationSet Table { get; } = new()
    {
        ["AdaptiveAveragePool"] = Channelled((c, x) => c.Graph.AdaptivePool(x, Spatial(c, x, "output_size"), PoolKind.Average)),
        ["AdaptiveMaxPool"] = Channelled((c, x) => c.Graph.AdaptivePool(x, Spatial(c, x, "output_size"), PoolKind.Max)),
        ["AveragePool"] = Channelled((c, x) => c.Graph.AveragePool(x, Spatial(c, x, "pool_size"), Strides(c, x, "pool_size"), PaddingOf(c))),
        ["Conv"] = Channelled(Convolve),
        ["ConvTranspose"] = Channelled(ConvolveTransposed),
        ["DepthToSpace"] = Channelled((c, x) => c.Graph.DepthToSpace(x, c.Int("block_size", 1)), "x"),
        ["DepthwiseConv"] = Channelled((c, x) => c.Graph.DepthwiseConv(x, c.Tensor(1, "kernel"), null, Strides(c, x), Dilations(c, x), PaddingOf(c))),
        ["Fold"] = With(Fold),
        ["MaxPool"] = Channelled((c, x) => c.Graph.MaxPool(x, Spatial(c, x, "pool_size"), Strides(c, x, "pool_size"), PaddingOf(c))),
        ["SeparableConv"] = Channelled(ConvolveSeparably),
        ["SpaceToDepth"] = Channelled((c, x) => c.Graph.SpaceToDepth(x, c.Int("block_size", 1)), "x"),
        ["Unfold"] = With(Unfold),
    };

    /// <summary>A function of a tensor whose channels are last; channels_first is brought into that order and back.</summary>
    internal static Func<OperationCall, Structure> Channelled(Func<OperationCall, Value, Value> function, string name = "inputs") => c =>
    {
        GraphBuilder g = c.Graph;
        Value x = c.Tensor(0, name);
        if (c.Text("data_format", "channels_last") == "channels_last")
        {
            return new KerasTensor(function(c, x));
        }

        int axis = name == "images" ? x.Rank - 3 : 1;
        return new KerasTensor(g.MoveAxis(function(c, g.MoveAxis(x, axis, -1)), -1, axis));
    };

    /// <summary>One integer for each spatial axis; a single one stands for all.</summary>
    private static int[] Spatial(OperationCall c, Value x, string name, int? fallback = null)
    {
        int[] given = c.Ints(name) ?? (fallback is { } one ? [one] : throw c.Config.Wrong(name, JValue.CreateNull(), "an integer or a list"));
        return given.Length == 1 ? [.. Enumerable.Repeat(given[0], x.Rank - 2)] : given;
    }

    private static int[] Strides(OperationCall c, Value x, string? fallback = null) => c.Parameter("strides") is null && fallback is not null
        ? Spatial(c, x, fallback)
        : Spatial(c, x, "strides", 1);

    private static int[] Dilations(OperationCall c, Value x) => Spatial(c, x, "dilation_rate", 1);

    private static Padding PaddingOf(OperationCall c) => Padding.Parse(c.Text("padding", "valid"));

    private static Value Convolve(OperationCall c, Value x)
    {
        Value kernel = c.Tensor(1, "kernel");
        int groups = Dim.FloorDiv(x.Shape[-1], kernel.Shape[-2]).ValueOrNull ?? 1;
        return c.Graph.Conv(x, kernel, null, Strides(c, x), Dilations(c, x), PaddingOf(c), groups);
    }

    private static Value ConvolveTransposed(OperationCall c, Value x) => c.Graph.ConvTranspose(
        x, c.Tensor(1, "kernel"), null, Strides(c, x), Dilations(c, x), PaddingOf(c).Mode, c.Parameter("output_padding") is null ? null : (EquatableList<int>)Spatial(c, x, "output_padding"));

    private static Value ConvolveSeparably(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Value depthwise = g.DepthwiseConv(x, c.Tensor(1, "depthwise_kernel"), null, Strides(c, x), Dilations(c, x), PaddingOf(c));
        int[] ones = [.. Enumerable.Repeat(1, x.Rank - 2)];
        return g.Conv(depthwise, c.Tensor(2, "pointwise_kernel"), null, ones, ones, Padding.Valid);
    }

    /// <summary>(batch, channels, h, w) → the windows as columns, (batch, channels · kh · kw, windows).</summary>
    private static Value Unfold(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Fields f = Fields.Of(c);
        Value padded = g.Pad(x, [0, 0, f.PadH, f.PadW], [0, 0, f.PadH, f.PadW]);
        Dim rows = Fields.Windows(padded.Shape[2], f.KernelH, f.DilationH, f.StrideH), columns = Fields.Windows(padded.Shape[3], f.KernelW, f.DilationW, f.StrideW);
        var taps = new List<Value>();
        foreach ((int i, int j) in f.Taps())
        {
            // The last row a tap reads is (rows − 1) · stride beyond its first.
            Value part = g.Slice(padded, [2, 3], [i * f.DilationH, j * f.DilationW], new SymbolicShape((i * f.DilationH) + ((rows - 1) * f.StrideH) + 1, (j * f.DilationW) + ((columns - 1) * f.StrideW) + 1), [f.StrideH, f.StrideW]);
            taps.Add(g.Reshape(part, x.Shape[0], x.Shape[1], 1, rows * columns));
        }

        return g.Reshape(g.Concat(taps, 2), x.Shape[0], x.Shape[1] * taps.Count, rows * columns);
    }

    /// <summary>Undoes <see cref="Unfold"/>: windows are added where they overlap.</summary>
    private static Value Fold(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Fields f = Fields.Of(c);
        int[] output = c.RequiredInts("output_size") is { Length: 1 } one ? [one[0], one[0]] : c.RequiredInts("output_size");
        int height = output[0] + (2 * f.PadH), width = output[1] + (2 * f.PadW);
        int rows = Fields.Windows(height, f.KernelH, f.DilationH, f.StrideH).Value, columns = Fields.Windows(width, f.KernelW, f.DilationW, f.StrideW).Value;
        Dim channels = Dim.FloorDiv(x.Shape[1], f.KernelH * f.KernelW);

        c.Config.Afford("output_size", rows, columns, f.KernelH, f.KernelW);

        // A place of the picture for each element of the columns.
        long[] places = [.. f.Taps().SelectMany(t => Enumerable.Range(0, rows * columns).Select(w =>
            (((long)(w / columns) * f.StrideH) + (t.I * f.DilationH)) * width + ((long)(w % columns) * f.StrideW) + (t.J * f.DilationW)))];
        Value lines = g.Transpose(g.Reshape(x, x.Shape[0] * channels, places.Length), [1, 0]);
        Value picture = g.ScatterND(g.Zeros(new SymbolicShape(height * width, x.Shape[0] * channels), x.DType), g.Reshape(g.Vector(places), places.Length, 1), lines, ScatterReduction.Add);
        Value whole = g.Reshape(g.Transpose(picture, [1, 0]), x.Shape[0], channels, height, width);
        return g.Slice(whole, [2, 3], [f.PadH, f.PadW], new SymbolicShape(f.PadH + output[0], f.PadW + output[1]));
    }

    /// <summary>The parameters of fold and unfold for both axes.</summary>
    private sealed record Fields(int KernelH, int KernelW, int DilationH, int DilationW, int PadH, int PadW, int StrideH, int StrideW)
    {
        public static Fields Of(OperationCall c)
        {
            (int kh, int kw) = Pair("kernel_size", 1);
            (int dh, int dw) = Pair("dilation", 1);
            (int ph, int pw) = Pair("padding", 0);
            (int sh, int sw) = Pair("stride", 1);
            return new Fields(kh, kw, dh, dw, ph, pw, sh, sw);

            (int, int) Pair(string name, int fallback) => c.Ints(name) switch
            {
                null => (fallback, fallback),
                [var both] => (both, both),
                var pair => (pair[0], pair[1]),
            };
        }

        public static Dim Windows(Dim size, int kernel, int dilation, int stride) => Dim.FloorDiv(size - ((kernel - 1) * dilation) - 1, stride) + 1;

        public IEnumerable<(int I, int J)> Taps() => Enumerable.Range(0, KernelH).SelectMany(i => Enumerable.Range(0, KernelW).Select(j => (i, j)));
    }
}
