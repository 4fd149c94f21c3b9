using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>Nodes of a TensorFlow graph, as <c>TensorFlowOpLayer</c> holds them: each is a function whose arguments are inputs and attributes.</summary>
internal static class TensorFlowNodes
{
    /// <param name="Function">The function of <see cref="TensorFlowFunctions"/>.</param>
    /// <param name="Inputs">The names of the inputs after the first; <c>…</c> first: all but the named ones are a list.</param>
    /// <param name="Attributes">Attributes that are arguments, with the arguments' names.</param>
    private sealed record Form(string Function, string[] Inputs, params (string Attribute, string Argument)[] Attributes);

    private static readonly (string, string) Keep = ("keep_dims", "keepdims");

    private static readonly Dictionary<string, Form> Forms = new(StringComparer.Ordinal)
    {
        ["Abs"] = Unary("math.abs"),
        ["Add"] = Binary("math.add"),
        ["AddN"] = new("math.add_n", ["…"]),
        ["AddV2"] = Binary("math.add"),
        ["All"] = Reduction("math.reduce_all"),
        ["Any"] = Reduction("math.reduce_any"),
        ["ArgMax"] = new("math.argmax", ["axis"]),
        ["ArgMin"] = new("math.argmin", ["axis"]),
        ["AvgPool"] = new("nn.avg_pool", [], ("ksize", "ksize"), ("strides", "strides"), ("padding", "padding")),
        ["BatchMatMul"] = new("linalg.matmul", ["b"], ("adj_x", "adjoint_a"), ("adj_y", "adjoint_b")),
        ["BatchMatMulV2"] = new("linalg.matmul", ["b"], ("adj_x", "adjoint_a"), ("adj_y", "adjoint_b")),
        ["BiasAdd"] = new("nn.bias_add", ["bias"]),
        ["BroadcastTo"] = new("broadcast_to", ["shape"]),
        ["Cast"] = new("cast", [], ("DstT", "dtype")),
        ["Ceil"] = Unary("math.ceil"),
        ["ClipByValue"] = new("clip_by_value", ["clip_value_min", "clip_value_max"]),
        ["ConcatV2"] = new("concat", ["…", "axis"]),
        ["Conv2D"] = new("nn.conv2d", ["filters"], ("strides", "strides"), ("padding", "padding"), ("dilations", "dilations")),
        ["Cos"] = Unary("math.cos"),
        ["Cumprod"] = new("math.cumprod", ["axis"], ("exclusive", "exclusive"), ("reverse", "reverse")),
        ["Cumsum"] = new("math.cumsum", ["axis"], ("exclusive", "exclusive"), ("reverse", "reverse")),
        ["DepthToSpace"] = new("nn.depth_to_space", [], ("block_size", "block_size")),
        ["Div"] = Binary("div"),
        ["DivNoNan"] = Binary("math.divide_no_nan"),
        ["Elu"] = Unary("nn.elu"),
        ["Equal"] = Binary("math.equal"),
        ["Erf"] = Unary("math.erf"),
        ["Exp"] = Unary("math.exp"),
        ["ExpandDims"] = new("expand_dims", ["axis"]),
        ["Fill"] = new("fill", ["value"]),
        ["Floor"] = Unary("math.floor"),
        ["FloorDiv"] = Binary("math.floordiv"),
        ["FloorMod"] = Binary("math.floormod"),
        ["GatherV2"] = new("gather", ["indices", "axis"], ("batch_dims", "batch_dims")),
        ["Greater"] = Binary("math.greater"),
        ["GreaterEqual"] = Binary("math.greater_equal"),
        ["Identity"] = Unary("identity"),
        ["LeakyRelu"] = new("nn.leaky_relu", [], ("alpha", "alpha")),
        ["Less"] = Binary("math.less"),
        ["LessEqual"] = Binary("math.less_equal"),
        ["Log"] = Unary("math.log"),
        ["Log1p"] = Unary("math.log1p"),
        ["LogSoftmax"] = Unary("nn.log_softmax"),
        ["LogicalAnd"] = Binary("math.logical_and"),
        ["LogicalNot"] = Unary("math.logical_not"),
        ["LogicalOr"] = Binary("math.logical_or"),
        ["MatMul"] = new("linalg.matmul", ["b"], ("transpose_a", "transpose_a"), ("transpose_b", "transpose_b")),
        ["Max"] = Reduction("math.reduce_max"),
        ["MaxPool"] = new("nn.max_pool", [], ("ksize", "ksize"), ("strides", "strides"), ("padding", "padding")),
        ["Maximum"] = Binary("math.maximum"),
        ["Mean"] = Reduction("math.reduce_mean"),
        ["Min"] = Reduction("math.reduce_min"),
        ["Minimum"] = Binary("math.minimum"),
        ["MirrorPad"] = new("pad", ["paddings"], ("mode", "mode")),
        ["Mul"] = Binary("math.multiply"),
        ["Neg"] = Unary("math.negative"),
        ["NotEqual"] = Binary("math.not_equal"),
        ["OneHot"] = new("one_hot", ["depth", "on_value", "off_value"], ("axis", "axis")),
        ["OnesLike"] = Unary("ones_like"),
        ["Pack"] = new("stack", ["…"], ("axis", "axis")),
        ["Pad"] = new("pad", ["paddings"]),
        ["PadV2"] = new("pad", ["paddings", "constant_values"]),
        ["Pow"] = Binary("math.pow"),
        ["Prod"] = Reduction("math.reduce_prod"),
        ["Range"] = new("range", ["limit", "delta"]),
        ["RealDiv"] = Binary("math.truediv"),
        ["Reciprocal"] = Unary("math.reciprocal"),
        ["Relu"] = Unary("nn.relu"),
        ["Relu6"] = Unary("nn.relu6"),
        ["Reshape"] = new("reshape", ["shape"]),
        ["ReverseV2"] = new("reverse", ["axis"]),
        ["Round"] = Unary("math.round"),
        ["Rsqrt"] = Unary("math.rsqrt"),
        ["Select"] = new("where", ["x", "y"]),
        ["SelectV2"] = new("where", ["x", "y"]),
        ["Selu"] = Unary("nn.selu"),
        ["Shape"] = new("shape", [], ("out_type", "out_type")),
        ["Sigmoid"] = Unary("math.sigmoid"),
        ["Sign"] = Unary("math.sign"),
        ["Sin"] = Unary("math.sin"),
        ["Softmax"] = Unary("nn.softmax"),
        ["Softplus"] = Unary("math.softplus"),
        ["Softsign"] = Unary("nn.softsign"),
        ["SpaceToDepth"] = new("nn.space_to_depth", [], ("block_size", "block_size")),
        ["Split"] = new("split", ["value"], ("num_split", "num_or_size_splits")),
        ["SplitV"] = new("split", ["num_or_size_splits", "axis"]),
        ["Sqrt"] = Unary("math.sqrt"),
        ["Square"] = Unary("math.square"),
        ["SquaredDifference"] = Binary("math.squared_difference"),
        ["Squeeze"] = new("squeeze", [], ("squeeze_dims", "axis")),
        ["StopGradient"] = Unary("stop_gradient"),
        ["StridedSlice"] = new("strided_slice", ["begin", "end", "strides"], ("begin_mask", "begin_mask"), ("end_mask", "end_mask"), ("ellipsis_mask", "ellipsis_mask"), ("new_axis_mask", "new_axis_mask"), ("shrink_axis_mask", "shrink_axis_mask")),
        ["Sub"] = Binary("math.subtract"),
        ["Sum"] = Reduction("math.reduce_sum"),
        ["Tanh"] = Unary("math.tanh"),
        ["Tile"] = new("tile", ["multiples"]),
        ["TopKV2"] = new("math.top_k", ["k"]),
        ["Transpose"] = new("transpose", ["perm"]),
        ["Unpack"] = new("unstack", [], ("axis", "axis"), ("num", "num")),
        ["ZerosLike"] = Unary("zeros_like"),
    };

    /// <summary>Fails for an operator that is not known, before anything is called.</summary>
    /// <exception cref="UnsupportedModelException">It is not known.</exception>
    public static void Check(LayerConfig config)
    {
        string op = OperatorOf(NodeOf(config));
        if (!Forms.ContainsKey(op))
        {
            throw TensorFlowFunctions.Unknown(config, $"TensorFlow operator {op}");
        }
    }

    /// <summary>Applies the node.</summary>
    public static Structure Call(OperationCall c)
    {
        c.Ignore("node_def");
        JObject node = NodeOf(c.Config);
        string op = OperatorOf(node);
        Form form = Forms[op];
        var named = new Dictionary<string, Structure>();
        foreach ((string attribute, string argument) in form.Attributes)
        {
            if (node["attr"]?[attribute] is JObject { HasValues: true } value)
            {
                named[argument] = new Structure.Constant(Plain(value));
            }
        }

        List<Structure> inputs = Inputs(c);
        bool takesList = form.Inputs is ["…", ..];
        string[] names = takesList ? form.Inputs[1..] : form.Inputs;
        int first = takesList ? inputs.Count - names.Length : 1;
        for (int i = 0; i < names.Length && first + i < inputs.Count; i++)
        {
            named[names[i]] = inputs[first + i];
        }

        Structure main = takesList ? new Structure.Sequence(inputs[..first]) : inputs[0];
        if (op == "Split")
        {
            // The axis comes before the value.
            (main, named["axis"]) = (inputs[1], inputs[0]);
            named.Remove("value");
        }

        return TensorFlowFunctions.Call(c with { Call = c.Call.With(new CallArguments([main], named)) }, form.Function);
    }

    private static JObject NodeOf(LayerConfig config) =>
        config.Json["config"]?["node_def"] as JObject ?? throw config.Wrong("node_def", "no object", "a node of a TensorFlow graph");

    private static string OperatorOf(JObject node) => (string?)node["op"] ?? string.Empty;

    private static Form Unary(string function) => new(function, []);

    private static Form Binary(string function) => new(function, ["y"]);

    private static Form Reduction(string function) => new(function, ["axis"], Keep);

    /// <summary>Tensors and constants in the order of the node's inputs.</summary>
    private static List<Structure> Inputs(OperationCall c)
    {
        List<Structure> inputs = [.. c.Call.First.Tensors().Select(t => (Structure)t)];
        foreach (JProperty constant in ((c.Parameter("constants") as JObject)?.Properties() ?? []).OrderBy(p => int.Parse(p.Name, System.Globalization.CultureInfo.InvariantCulture)))
        {
            inputs.Insert(Math.Min(int.Parse(constant.Name, System.Globalization.CultureInfo.InvariantCulture), inputs.Count), new Structure.Constant(constant.Value));
        }

        return inputs;
    }

    /// <summary>The value of an attribute: <c>{"i": "2"}</c>, <c>{"b": true}</c>, <c>{"type": "DT_INT32"}</c>, <c>{"s": base64}</c>, <c>{"list": {"i": […]}}</c>.</summary>
    private static JToken Plain(JObject attribute)
    {
        JProperty value = attribute.Properties().First();
        return value.Name switch
        {
            "i" => new JValue(long.Parse((string)value.Value!, System.Globalization.CultureInfo.InvariantCulture)),
            "f" => new JValue((double)value.Value),
            "type" => new JValue(TypeName((string)value.Value!)),
            "s" => new JValue(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String((string)value.Value!))),
            "list" => new JArray(((JObject)value.Value).Properties().SelectMany(p => p.Value.Select(v => Plain(new JObject { [p.Name] = v })))),
            _ => value.Value,
        };
    }

    /// <summary><c>DT_FLOAT</c> → <c>float32</c>.</summary>
    private static string TypeName(string name) => name switch
    {
        "DT_FLOAT" => "float32",
        "DT_DOUBLE" => "float64",
        "DT_HALF" => "float16",
        _ => name.Replace("DT_", string.Empty, StringComparison.Ordinal).ToLowerInvariant(),
    };
}
