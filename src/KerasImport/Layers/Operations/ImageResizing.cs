using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The operation Resize: pictures at another size, cut or framed first to keep their proportions.</summary>
internal static class ImageResizing
{
    private static readonly Dictionary<string, Interpolation> Interpolations = new()
    {
        ["nearest"] = Runtime.Interpolation.Nearest,
        ["bilinear"] = Runtime.Interpolation.Bilinear,
        ["bicubic"] = Runtime.Interpolation.Bicubic,
        ["lanczos3"] = Runtime.Interpolation.Lanczos3,
        ["lanczos5"] = Runtime.Interpolation.Lanczos5,
        ["area"] = Runtime.Interpolation.Area,
        ["gaussian"] = Runtime.Interpolation.Gaussian,
        ["mitchellcubic"] = Runtime.Interpolation.MitchellCubic,
    };

    public static Value Apply(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] size = c.RequiredInts("size");
        string name = c.Text("interpolation", "bilinear");
        Interpolation interpolation = Interpolation(c, name);
        c.Ignore("fill_mode");
        if (c.Flag("crop_to_aspect_ratio"))
        {
            (int height, int width) = Size(c, x);
            int rows = Math.Clamp((int)((float)(width * size[0]) / size[1]), 1, height), columns = Math.Clamp((int)((float)(height * size[1]) / size[0]), 1, width);
            int top = (int)((height - rows) / 2f), left = (int)((width - columns) / 2f);
            x = g.Slice(x, [1, 2], [top, left], new SymbolicShape(top + rows, left + columns));
        }

        if (c.Flag("pad_to_aspect_ratio"))
        {
            (int height, int width) = Size(c, x);
            int rows = Math.Max(height, (int)((float)(width * size[0]) / size[1])), columns = Math.Max(width, (int)((float)(height * size[1]) / size[0]));
            int top = (int)((rows - height) / 2f), left = (int)((columns - width) / 2f);
            x = g.Pad(x, [0, top, left, 0], [0, top, left, 0], PadMode.Constant, c.Number("fill_value", 0));
        }
        else
        {
            c.Ignore("fill_value");
        }

        DType type = interpolation == Runtime.Interpolation.Nearest || x.DType.IsFloating() ? x.DType : DType.Float32;
        return g.Resize(g.Cast(x, type), size[0], size[1], interpolation, c.Flag("antialias"));
    }

    /// <summary>An interpolation by its name.</summary>
    internal static Interpolation Interpolation(OperationCall c, string name) => Interpolations.TryGetValue(name, out Interpolation known)
        ? known
        : throw c.Config.Wrong("interpolation", name, $"one of {string.Join(", ", Interpolations.Keys)}");

    private static (int Height, int Width) Size(OperationCall c, Value x) => x.Shape[1].ValueOrNull is { } height && x.Shape[2].ValueOrNull is { } width
        ? (height, width)
        : throw new UnsupportedModelException(c.Config.Place, $"pictures of open size {x.Shape}", "pictures of known size", "proportions of open sizes are not computed");
}
