using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.image</c> that weigh the neighbours of each pixel.</summary>
internal static class ImageFilters
{
    public static OperationSet Table { get; } = new()
    {
        ["GaussianBlur"] = ImageOperations.Pictures(Blur),
        ["SSIM"] = c => new KerasTensor(Similarity(c)),
        ["SobelEdges"] = c => new KerasTensor(Sobel(c)),
    };

    private static double[] Gaussian(int size, double sigma)
    {
        double[] weights = [.. Enumerable.Range(0, size).Select(i => Math.Exp(-0.5 * Math.Pow((i - ((size - 1) / 2.0)) / sigma, 2)))];
        double sum = weights.Sum();
        return [.. weights.Select(w => w / sum)];
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
        int[] size = ImageOperations.Two(c, "kernel_size") ?? [3, 3];
        c.Config.Afford("kernel_size", size[0], size[1]);
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
        int width = c.Int("filter_size", 11);
        c.Config.Afford("filter_size", width, width);
        double[] line = Gaussian(width, c.Number("filter_sigma", 1.5));
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
