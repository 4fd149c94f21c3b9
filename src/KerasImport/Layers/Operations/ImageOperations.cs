using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.image</c> on borders, patches and sizes.</summary>
internal static class ImageOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["CropImages"] = Pictures(Crop),
        ["ExtractPatches"] = Pictures(Patches),
        ["PadImages"] = Pictures(Pad),
        ["ReconstructPatches"] = Pictures(Reconstruct, "patches"),
        ["Resize"] = Pictures(ImageResizing.Apply),
    };

    /// <summary>A function of pictures (batch, h, w, channels); a single picture is a batch of one, and channels may come first.</summary>
    internal static Func<OperationCall, Structure> Pictures(Func<OperationCall, Value, Value> function, string name = "images") => c =>
    {
        GraphBuilder g = c.Graph;
        Value x = c.Tensor(0, name);
        bool single = x.Rank == 3, first = c.Text("data_format", "channels_last") == "channels_first";
        x = single ? g.ExpandDims(x, 0) : x;
        Value y = function(c, first ? g.MoveAxis(x, 1, -1) : x);
        y = first ? g.MoveAxis(y, -1, 1) : y;
        return new KerasTensor(single ? g.Squeeze(y, 0) : y);
    };

    private static Value Pad(OperationCall c, Value x)
    {
        (int top, int bottom) = Margins(c, x.Shape[1], "top_padding", "bottom_padding", "target_height", outside: true);
        (int left, int right) = Margins(c, x.Shape[2], "left_padding", "right_padding", "target_width", outside: true);
        return c.Graph.Pad(x, [0, top, left, 0], [0, bottom, right, 0]);
    }

    private static Value Crop(OperationCall c, Value x)
    {
        (int top, int bottom) = Margins(c, x.Shape[1], "top_cropping", "bottom_cropping", "target_height", outside: false);
        (int left, int right) = Margins(c, x.Shape[2], "left_cropping", "right_cropping", "target_width", outside: false);
        return c.Graph.Slice(x, [1, 2], [top, left], new SymbolicShape(x.Shape[1] - bottom, x.Shape[2] - right));
    }

    /// <summary>Two of three numbers are given: before, after, and the size that results.</summary>
    private static (int Before, int After) Margins(OperationCall c, Dim size, string beforeName, string afterName, string targetName, bool outside)
    {
        int? before = c.IntOrNull(beforeName), after = c.IntOrNull(afterName), target = c.IntOrNull(targetName);
        if (before is not null && after is not null)
        {
            return (before.Value, after.Value);
        }

        int open = outside ? target!.Value - size.Value : size.Value - target!.Value;
        return (before ?? open - (after ?? 0), after ?? open - (before ?? 0));
    }

    private static Value Patches(OperationCall c, Value x)
    {
        int[] size = Two(c.RequiredInts("size")), strides = Two(c, "strides") ?? size, dilation = Two(c, "dilation_rate") ?? [1, 1];
        return c.Graph.ExtractPatches(x, size, strides, dilation, Padding.Parse(c.Text("padding", "valid")));
    }

    /// <summary>Patches that do not overlap put side by side again.</summary>
    private static Value Reconstruct(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] size = Two(c.RequiredInts("size")), output = Two(c.RequiredInts("output_size"));
        c.Ignore("strides");
        (Dim rows, Dim columns) = (x.Shape[1], x.Shape[2]);
        Dim channels = Dim.FloorDiv(x.Shape[3], size[0] * size[1]);
        Value apart = g.Transpose(g.Reshape(x, x.Shape[0], rows, columns, size[0], size[1], channels), [0, 1, 3, 2, 4, 5]);
        Value whole = g.Reshape(apart, x.Shape[0], rows * size[0], columns * size[1], channels);
        bool same = c.Text("padding", "valid") == "same";
        int top = same ? ((rows.Value * size[0]) - output[0]) / 2 : 0, left = same ? ((columns.Value * size[1]) - output[1]) / 2 : 0;
        Value cut = g.Slice(whole, [1, 2], [top, left], new SymbolicShape(Dim.Min(rows * size[0], top + output[0]), Dim.Min(columns * size[1], left + output[1])));
        return g.Pad(cut, [0, 0, 0, 0], [0, output[0] - cut.Shape[1].Value, output[1] - cut.Shape[2].Value, 0]);
    }

    /// <summary>Two integers, one for each axis of a picture; null where the parameter is absent.</summary>
    internal static int[]? Two(OperationCall c, string name) => c.Ints(name) is { } given ? Two(given) : null;

    private static int[] Two(int[] given) => given is [var both] ? [both, both] : given;
}
