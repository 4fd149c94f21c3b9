using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;
using static KerasCompat.Layers.TensorFlowFunctions;

namespace KerasCompat.Layers;

/// <summary><c>tf.nn</c> and <c>tf.image</c>.</summary>
internal static class TensorFlowNeural
{
    public static OperationSet Table { get; } = new()
    {
        ["image.central_crop"] = c => new KerasTensor(CentralCrop(c)),
        ["image.flip_left_right"] = c => new KerasTensor(c.Graph.Reverse(c.X, c.X.Rank - 2)),
        ["image.flip_up_down"] = c => new KerasTensor(c.Graph.Reverse(c.X, c.X.Rank - 3)),
        ["image.resize"] = ImageOperations.Pictures(Resize),
        ["nn.avg_pool"] = c => new KerasTensor(Pool(c, average: true)),
        ["nn.avg_pool1d"] = c => new KerasTensor(Pool(c, average: true)),
        ["nn.avg_pool2d"] = c => new KerasTensor(Pool(c, average: true)),
        ["nn.avg_pool3d"] = c => new KerasTensor(Pool(c, average: true)),
        ["nn.bias_add"] = c => new KerasTensor(BiasAdd(c)),
        ["nn.conv1d"] = c => new KerasTensor(Convolve(c, "filters", "stride")),
        ["nn.conv2d"] = c => new KerasTensor(Convolve(c, "filters", "strides")),
        ["nn.conv3d"] = c => new KerasTensor(Convolve(c, "filters", "strides")),
        ["nn.convolution"] = c => new KerasTensor(Convolve(c, "filters", "strides")),
        ["nn.depth_to_space"] = c => new KerasTensor(c.Graph.DepthToSpace(LastChannels(c), c.Int("block_size", 1))),
        ["nn.depthwise_conv2d"] = c => new KerasTensor(c.Graph.DepthwiseConv(LastChannels(c), c.Tensor(1, "filter"), null, Spatial(c, "strides", 1), Spatial(c, "dilations", 1), PaddingOf(c))),
        ["nn.elu"] = c => new KerasTensor(c.Graph.Elu(c.X)),
        ["nn.embedding_lookup"] = c => new KerasTensor(c.Graph.Gather(c.Tensor(0, "params"), c.Tensor(1, "ids"))),
        ["nn.gelu"] = c => new KerasTensor(c.Graph.Gelu(c.X, c.Flag("approximate"))),
        ["nn.l2_normalize"] = c => Call(c, "math.l2_normalize"),
        ["nn.leaky_relu"] = c => new KerasTensor(c.Graph.LeakyRelu(c.X, c.Number("alpha", 0.2))),
        ["nn.log_softmax"] = c => new KerasTensor(c.Graph.LogSoftmax(c.X, c.Int("axis", -1))),
        ["nn.max_pool"] = c => new KerasTensor(Pool(c, average: false)),
        ["nn.max_pool1d"] = c => new KerasTensor(Pool(c, average: false)),
        ["nn.max_pool2d"] = c => new KerasTensor(Pool(c, average: false)),
        ["nn.max_pool3d"] = c => new KerasTensor(Pool(c, average: false)),
        ["nn.relu"] = As("Relu"),
        ["nn.relu6"] = As("Relu6"),
        ["nn.selu"] = As("Selu"),
        ["nn.sigmoid"] = As("Sigmoid"),
        ["nn.silu"] = c => new KerasTensor(c.NumberOrNull("beta") is { } beta and not 1 ? c.Graph.Mul(c.X, c.Graph.Sigmoid(c.Graph.Mul(c.X, beta))) : c.Graph.Swish(c.X)),
        ["nn.softmax"] = c => new KerasTensor(c.Graph.Softmax(c.X, c.Int("axis", -1))),
        ["nn.softplus"] = As("Softplus"),
        ["nn.softsign"] = As("Softsign"),
        ["nn.space_to_depth"] = c => new KerasTensor(c.Graph.SpaceToDepth(LastChannels(c), c.Int("block_size", 1))),
        ["nn.tanh"] = As("Tanh"),
    };

    private static Value LastChannels(OperationCall c) => c.Text("data_format", "NHWC") is "NHWC" or "NWC" or "NDHWC"
        ? c.X
        : throw new UnsupportedModelException(c.Config.Place, $"data_format {c.Text("data_format", string.Empty)}", "channels last");

    /// <summary>Numbers for the spatial axes: one, as many, or one for every axis.</summary>
    private static int[] Spatial(OperationCall c, string name, int fallback)
    {
        int axes = c.X.Rank - 2;
        return c.Ints(name) switch
        {
            null => [.. Enumerable.Repeat(fallback, axes)],
            [var one] => [.. Enumerable.Repeat(one, axes)],
            var all when all.Length == c.X.Rank => all[1..^1],
            var own => own,
        };
    }

    private static Padding PaddingOf(OperationCall c) => c.Parameter("padding") switch
    {
        JArray pairs => Padding.Explicit([.. pairs.Skip(1).SkipLast(1).Select(p => (int)p[0]!)], [.. pairs.Skip(1).SkipLast(1).Select(p => (int)p[1]!)]),
        var name => Padding.Parse(((string?)name ?? "VALID").ToLowerInvariant()),
    };

    private static Value Pool(OperationCall c, bool average)
    {
        Value x = LastChannels(c);
        int[] size = Spatial(c, "ksize", 1), strides = Spatial(c, "strides", 1);
        return average ? c.Graph.AveragePool(x, size, strides, PaddingOf(c)) : c.Graph.MaxPool(x, size, strides, PaddingOf(c));
    }

    private static Value Convolve(OperationCall c, string filters, string strides)
    {
        Value x = LastChannels(c), kernel = c.Tensor(1, filters);
        int groups = Dim.FloorDiv(x.Shape[-1], kernel.Shape[-2]).ValueOrNull ?? 1;
        return c.Graph.Conv(x, kernel, null, Spatial(c, strides, 1), Spatial(c, "dilations", 1), PaddingOf(c), groups);
    }

    private static Value BiasAdd(OperationCall c)
    {
        (Value x, Value bias) = Pair(c, "bias", "value");
        string format = c.Text("data_format", "N...C");
        return c.Graph.Add(x, format.StartsWith("NC", StringComparison.Ordinal) ? c.Graph.Reshape(bias, [bias.Shape[0], .. Enumerable.Repeat(Dim.One, x.Rank - 2)]) : bias);
    }

    /// <summary>The middle of each picture, a fraction of its height and width.</summary>
    private static Value CentralCrop(OperationCall c)
    {
        Value x = c.X;
        double fraction = (double)(c.Call.Constant(1, "central_fraction") ?? 1);
        int first = x.Rank - 3;
        int[] sizes = [x.Shape[first].Value, x.Shape[first + 1].Value];
        int[] starts = [.. sizes.Select(s => (int)((s - (s * fraction)) / 2))];
        return c.Graph.Slice(x, [first, first + 1], starts, new SymbolicShape(sizes.Select((s, i) => (Dim)(s - starts[i]))));
    }

    /// <summary>The picture's own proportions within a height and a width, computed in float32.</summary>
    private static SymbolicShape InProportion(Value x, SymbolicShape size)
    {
        float height = x.Shape[1].Value, width = x.Shape[2].Value;
        float scale = Math.Min(size[0].Value / height, size[1].Value / width);
        return new SymbolicShape((int)MathF.Round(scale * height), (int)MathF.Round(scale * width));
    }

    private static Value Resize(OperationCall c, Value x)
    {
        SymbolicShape size = Sizes(c, 1, "size");
        size = c.Flag("preserve_aspect_ratio") ? InProportion(x, size) : size;
        Interpolation interpolation = ImageResizing.Interpolation(c, c.Text("method", "bilinear").ToLowerInvariant());
        Value pixels = interpolation == Runtime.Interpolation.Nearest ? x : ToFloating(c.Graph, x);
        return c.Graph.Resize(pixels, size[0], size[1], interpolation, c.Flag("antialias"));
    }
}
