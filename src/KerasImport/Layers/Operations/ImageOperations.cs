using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.image</c> on colours, borders, patches and neighbourhoods.</summary>
internal static class ImageOperations
{
    public static OperationSet Table { get; } = new()
    {
        ["CropImages"] = Pictures(Crop),
        ["ExtractPatches"] = Pictures(Patches),
        ["GaussianBlur"] = Pictures(Blur),
        ["HSVToRGB"] = Pictures((c, x) => ToRgb(c.Graph, x)),
        ["PadImages"] = Pictures(Pad),
        ["ReconstructPatches"] = Pictures(Reconstruct, "patches"),
        ["Resize"] = Pictures(ImageResizing.Apply),
        ["RGBToGrayscale"] = Pictures(Gray),
        ["RGBToHSV"] = Pictures((c, x) => ToHsv(c.Graph, x)),
        ["SobelEdges"] = c => new KerasTensor(Sobel(c)),
        ["SSIM"] = c => new KerasTensor(Similarity(c)),
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
        GraphBuilder g = c.Graph;
        int[] size = Two(c, "size")!, strides = Two(c, "strides") ?? size, dilation = Two(c, "dilation_rate") ?? [1, 1];
        int channels = x.Shape[-1].Value, length = size[0] * size[1] * channels;
        Value kernel = g.Reshape(g.Eye(length, length, 0, x.DType), size[0], size[1], channels, length);
        return g.Conv(x, kernel, null, strides, dilation, Padding.Parse(c.Text("padding", "valid")));
    }

    /// <summary>Patches that do not overlap put side by side again.</summary>
    private static Value Reconstruct(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] size = Two(c, "size")!, output = Two(c, "output_size")!;
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

    private static int[]? Two(OperationCall c, string name) => c.Ints(name) switch
    {
        null => null,
        [var both] => [both, both],
        var pair => pair,
    };

    private static double[] Gaussian(int size, double sigma)
    {
        double[] weights = [.. Enumerable.Range(0, size).Select(i => Math.Exp(-0.5 * Math.Pow((i - ((size - 1) / 2.0)) / sigma, 2)))];
        return [.. weights.Select(w => w / weights.Sum())];
    }

    /// <summary>The same weights for each channel.</summary>
    private static Value Depthwise(GraphBuilder g, Value x, double[,] weights, Padding padding)
    {
        int rows = weights.GetLength(0), columns = weights.GetLength(1), channels = x.Shape[-1].Value;
        Value kernel = g.Cast(g.Constant(Tensor.From(weights.Cast<double>().ToArray(), rows, columns, 1, 1)), x.DType);
        return g.DepthwiseConv(x, g.Expand(kernel, new SymbolicShape(rows, columns, channels, 1)), null, [1, 1], [1, 1], padding);
    }

    private static double[,] Outer(double[] rows, double[] columns)
    {
        var weights = new double[rows.Length, columns.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < columns.Length; j++)
            {
                weights[i, j] = rows[i] * columns[j];
            }
        }

        return weights;
    }

    private static Value Blur(OperationCall c, Value x)
    {
        int[] size = Two(c, "kernel_size") ?? [3, 3];
        double[] sigma = c.Parameter("sigma") is Newtonsoft.Json.Linq.JArray list ? [.. list.Select(s => (double)s)] : [c.Number("sigma", 1), c.Number("sigma", 1)];

        // Keras lays the kernel of the second size along the first axis and reads it back in the order of the sizes.
        double[,] weights = Outer(Gaussian(size[1], sigma[1]), Gaussian(size[0], sigma[0]));
        var laid = new double[size[0], size[1]];
        Buffer.BlockCopy(weights, 0, laid, 0, weights.Length * sizeof(double));
        return Depthwise(c.Graph, x, laid, Padding.Same);
    }

    /// <summary>Differences down and across, (batch, h, w, channels, 2), of pictures mirrored at their edges.</summary>
    private static Value Sobel(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value x = c.Tensor(0, "images");
        bool first = c.Text("data_format", "channels_last") == "channels_first";
        x = first ? g.MoveAxis(x, 1, -1) : x;
        Value padded = g.Pad(x, [0, 1, 1, 0], [0, 1, 1, 0], PadMode.Reflect);
        double[] smooth = [1, 2, 1], step = [-1, 0, 1];
        Value y = g.Stack([Depthwise(g, padded, Outer(step, smooth), Padding.Valid), Depthwise(g, padded, Outer(smooth, step), Padding.Valid)], 4);
        return first ? g.Transpose(y, [0, 3, 1, 2, 4]) : y;
    }

    /// <summary>The structural similarity (Wang et al. 2004), averaged over each picture.</summary>
    private static Value Similarity(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value a, Value b) = c.Promote(c.Operand(0, "image1"), c.Operand(1, "image2"), KerasType.Float);
        bool single = a.Rank == 3;
        (a, b) = single ? (g.ExpandDims(a, 0), g.ExpandDims(b, 0)) : (a, b);
        (a, b) = c.Text("data_format", "channels_last") == "channels_first" ? (g.MoveAxis(a, 1, -1), g.MoveAxis(b, 1, -1)) : (a, b);
        double[] line = Gaussian(c.Int("filter_size", 11), c.Number("filter_sigma", 1.5));
        double most = c.Number("max_val", 1), c1 = Math.Pow(c.Number("k1", 0.01) * most, 2), c2 = Math.Pow(c.Number("k2", 0.03) * most, 2);
        double[,] kernel = Outer(line, line);
        Value meanA = Mean(a), meanB = Mean(b), meanAB = g.Mul(meanA, meanB);
        Value squareA = g.Square(meanA), squareB = g.Square(meanB);
        Value varianceA = g.Sub(Mean(g.Square(a)), squareA), varianceB = g.Sub(Mean(g.Square(b)), squareB), covariance = g.Sub(Mean(g.Mul(a, b)), meanAB);
        Value above = g.Mul(g.Add(g.Mul(meanAB, 2), c1), g.Add(g.Mul(covariance, 2), c2));
        Value below = g.Mul(g.Add(g.Add(squareA, squareB), c1), g.Add(g.Add(varianceA, varianceB), c2));
        Value y = g.ReduceMean(g.Div(above, below), [1, 2, 3]);
        return single ? g.Squeeze(y, 0) : y;

        Value Mean(Value x) => Depthwise(g, x, kernel, Padding.Valid);
    }
}
