using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Keras 1: other names for most classes and keys, one key where Keras 3 has a list and a list where it has one key.</summary>
internal static class Keras1Dialect
{
    private static readonly Renames Renames = new()
    {
        Classes = new Dictionary<string, string>
        {
            ["Convolution1D"] = "Conv1D",
            ["Convolution2D"] = "Conv2D",
            ["Convolution3D"] = "Conv3D",
            ["AtrousConvolution1D"] = "Conv1D",
            ["AtrousConvolution2D"] = "Conv2D",
            ["Deconvolution2D"] = "Conv2DTranspose",
            ["SeparableConvolution2D"] = "SeparableConv2D",

            // Dense works on the last axis of any rank since Keras 2.
            ["TimeDistributedDense"] = "Dense",
        },
        KeysOf = new Dictionary<string, (string, string)[]>
        {
            ["Embedding"] =
            [
                ("output_dim", "output_dim"),
                ("init", "embeddings_initializer"),
                ("W_regularizer", "embeddings_regularizer"),
                ("W_constraint", "embeddings_constraint"),
            ],
            ["SeparableConv2D"] = [("init", "depthwise_initializer")],
            ["PReLU"] = [("init", "alpha_initializer")],
            ["ParametricSoftplus"] = [("alpha_init", "alpha_initializer"), ("beta_init", "beta_initializer")],
            ["SReLU"] =
            [
                ("t_left_init", "t_left_initializer"),
                ("a_left_init", "a_left_initializer"),
                ("t_right_init", "t_right_initializer"),
                ("a_right_init", "a_right_initializer"),
            ],
            ["LeakyReLU"] = [("alpha", "negative_slope")],
            ["UpSampling1D"] = [("length", "size")],
            ["MaxPooling1D"] = [("pool_length", "pool_size"), ("stride", "strides")],
            ["AveragePooling1D"] = [("pool_length", "pool_size"), ("stride", "strides")],
        },
        Keys =
        [
            ("init", "kernel_initializer"),
            ("inner_init", "recurrent_initializer"),
            ("inner_activation", "recurrent_activation"),
            ("W_regularizer", "kernel_regularizer"),
            ("U_regularizer", "recurrent_regularizer"),
            ("b_regularizer", "bias_regularizer"),
            ("W_constraint", "kernel_constraint"),
            ("U_constraint", "recurrent_constraint"),
            ("b_constraint", "bias_constraint"),
            ("bias", "use_bias"),
            ("dropout_W", "dropout"),
            ("dropout_U", "recurrent_dropout"),
            ("p", "rate"),
            ("sigma", "stddev"),
            ("nb_filter", "filters"),
            ("filter_length", "kernel_size"),
            ("subsample_length", "strides"),
            ("subsample", "strides"),
            ("border_mode", "padding"),
            ("atrous_rate", "dilation_rate"),
        ],
        Dropped = ["batch_input_shape", "input_dtype", "input_length"],
        DroppedOf = new Dictionary<string, string[]> { ["Embedding"] = ["dropout"], ["Highway"] = ["transform_bias"] },
    };

    /// <summary>Several keys that became one list.</summary>
    private static readonly (string[] From, string To)[] Lists =
    [
        (["nb_row", "nb_col"], "kernel_size"),
        (["kernel_dim1", "kernel_dim2", "kernel_dim3"], "kernel_size"),
    ];

    /// <summary>Image layers that do not record the order of their axes.</summary>
    private static readonly HashSet<string> OrderUnrecorded =
    [
        "ZeroPadding2D", "ZeroPadding3D", "Cropping2D", "Cropping3D", "UpSampling2D", "UpSampling3D", "SpatialDropout2D", "SpatialDropout3D",
    ];

    /// <summary>What <c>consume_less</c> became; it also decides how many arrays hold the weights.</summary>
    private static readonly Dictionary<string, int> Implementations = new() { ["cpu"] = 0, ["mem"] = 1, ["gpu"] = 2 };

    private static readonly HashSet<string> Recurrent = ["LSTM", "GRU", "SimpleRNN", "ConvLSTM2D"];

    private static readonly HashSet<string> ElementParameters = ["PReLU", "SReLU", "ParametricSoftplus"];

    private static readonly Dictionary<string, Action<LayerDraft>> Values = new()
    {
        ["Merge"] = MergeModes.Apply,
        ["Lambda"] = LambdaForms.Apply,
        ["ZeroPadding1D"] = Keras1Padding.Apply,
        ["ZeroPadding2D"] = Keras1Padding.Apply,
        ["ZeroPadding3D"] = Keras1Padding.Apply,
        ["BatchNormalization"] = BatchNormalization,
        ["Conv2DTranspose"] = OutputSize,
    };

    /// <summary>Rewrites a layer in place.</summary>
    public static void Apply(LayerDraft draft)
    {
        JObject config = draft.Config;
        Renames.Apply(draft);
        if (draft.ClassName != "Embedding")
        {
            config.Remove("input_dim");
            config.Rename("output_dim", "units");
        }

        foreach ((string[] from, string to) in Lists)
        {
            JToken[] parts = [.. from.Select(key => config.Take(key)).OfType<JToken>()];
            if (parts.Length == from.Length)
            {
                config[to] = new JArray(parts.ToArray<object>());
            }
        }

        if (config.Take("dim_ordering") is JValue { Value: string ordering })
        {
            config["data_format"] = DataFormats.Of(ordering) ?? draft.Context.ImageDataFormat;
        }
        else if (OrderUnrecorded.Contains(draft.ClassName))
        {
            config["data_format"] = draft.Context.ImageDataFormat;
        }

        if (Recurrent.Contains(draft.ClassName))
        {
            RecurrentKeys(config);
        }

        if (ElementParameters.Contains(draft.ClassName))
        {
            config["shared_axes"] = SharedAxes(draft);
        }

        TheanoPadding.Apply(draft);
        Values.GetValueOrDefault(draft.ClassName)?.Invoke(draft);
        Keras1Objects.Apply(config);
    }

    private static void RecurrentKeys(JObject config)
    {
        if (config.Take("consume_less") is JValue { Value: string consumeLess })
        {
            config["implementation"] = Implementations.GetValueOrDefault(consumeLess);
        }

        if (config.Take("forget_bias_init") is { } forget)
        {
            config["unit_forget_bias"] = forget is JValue { Value: "one" };
        }
    }

    /// <summary>Mode 0 is what all later Keras does; 1 normalises by sample, 2 by batch.</summary>
    private static void BatchNormalization(LayerDraft draft)
    {
        if (draft.Config.Integer("mode") is 0 or null)
        {
            draft.Config.Remove("mode");
        }
    }

    /// <summary>Keras 1 was told its transposed convolution's output shape, which strides leave open.</summary>
    private static void OutputSize(LayerDraft draft)
    {
        if (draft.Config.Take("output_shape") is JArray { Count: 4 } shape)
        {
            int first = draft.Config.Text("data_format") == DataFormats.First ? 2 : 1;
            draft.Config["output_size"] = new JArray(shape[first], shape[first + 1]);
        }
    }

    /// <summary>Not recorded, but shared axes have length 1 in the parameters' shape (and sharing an axis of length 1 changes nothing).</summary>
    private static JToken SharedAxes(LayerDraft draft) =>
        draft.Context.StoredShapes(draft.Name) is [{ } shape, ..]
            ? new JArray(Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] == 1).Select(axis => axis + 1))
            : JValue.CreateNull();
}
