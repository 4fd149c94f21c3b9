using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.image</c> on colours.</summary>
internal static class ImageColours
{
    public static OperationSet Table { get; } = new()
    {
        ["HSVToRGB"] = ImageOperations.Pictures((c, x) => ToRgb(c.Graph, x)),
        ["RGBToGrayscale"] = ImageOperations.Pictures(Gray),
        ["RGBToHSV"] = ImageOperations.Pictures((c, x) => ToHsv(c.Graph, x)),
    };

    private static Value Gray(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        if (x.Shape[-1] == Dim.One)
        {
            return x;
        }

        Value weights = g.Constant(Tensor.From([0.2989f, 0.5870f, 0.1140f], 3, 1));
        Value wide = ToFloating(g, x);
        return g.Cast(g.MatMul(wide, g.Cast(weights, wide.DType)), x.DType);
    }

    private static Value ToHsv(GraphBuilder g, Value x)
    {
        Value[] rgb = [.. g.Unstack(x, x.Rank - 1)];
        (Value r, Value green, Value b) = (rgb[0], rgb[1], rgb[2]);
        Value most = g.Maximum(g.Maximum(r, green), b), range = g.Sub(most, g.Minimum(g.Minimum(r, green), b));
        Value saturation = g.Where(g.Greater(most, 0), g.Div(range, most), g.Scalar(0, x.DType));
        Value sixth = g.Div(g.Scalar(1.0 / 6, x.DType), range);
        Value ofRed = g.Mul(sixth, g.Sub(green, b));
        Value ofGreen = g.Add(g.Mul(sixth, g.Sub(b, r)), 2.0 / 6);
        Value ofBlue = g.Add(g.Mul(sixth, g.Sub(r, green)), 4.0 / 6);
        Value hue = g.Where(g.Equal(r, most), ofRed, g.Where(g.Equal(green, most), ofGreen, ofBlue));
        hue = g.Where(g.Greater(range, 0), hue, g.Scalar(0, x.DType));
        hue = g.Where(g.Less(hue, 0), g.Add(hue, 1), hue);
        return g.Stack([hue, saturation, most], x.Rank - 1);
    }

    private static Value ToRgb(GraphBuilder g, Value x)
    {
        Value[] hsv = [.. g.Unstack(x, x.Rank - 1)];
        Value sixths = g.Mul(hsv[0], 6), chroma = g.Mul(hsv[1], hsv[2]), rest = g.Sub(hsv[2], chroma);
        Value red = g.Clip(g.Sub(g.Abs(g.Sub(sixths, 3)), 1), 0, 1);
        Value green = g.Clip(g.Sub(g.Scalar(2, x.DType), g.Abs(g.Sub(sixths, 2))), 0, 1);
        Value blue = g.Clip(g.Sub(g.Scalar(2, x.DType), g.Abs(g.Sub(sixths, 4))), 0, 1);
        return g.Stack([.. new[] { red, green, blue }.Select(part => g.Add(g.Mul(part, chroma), rest))], x.Rank - 1);
    }
}
