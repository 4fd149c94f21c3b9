using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Multi-backend Keras 2.0 to 2.3; tf.keras starts from the same tables.</summary>
internal static class Keras2Dialect
{
    /// <summary>Keys of the layers that Keras 1 had and Keras 2 kept as they were.</summary>
    private static readonly (string From, string To)[] KeptFromKeras1 =
    [
        ("output_dim", "units"),
        ("init", "kernel_initializer"),
        ("bias", "use_bias"),
        ("W_regularizer", "kernel_regularizer"),
        ("b_regularizer", "bias_regularizer"),
        ("W_constraint", "kernel_constraint"),
        ("b_constraint", "bias_constraint"),
    ];

    private static readonly Renames Renames = new()
    {
        Classes = new Dictionary<string, string>
        {
            ["CuDNNLSTM"] = "LSTM",
            ["CuDNNGRU"] = "GRU",
            ["BatchNormalizationV1"] = "BatchNormalization",
            ["BatchNormalizationV2"] = "BatchNormalization",
            ["SyncBatchNormalization"] = "BatchNormalization",
        },
        KeysOf = new Dictionary<string, (string, string)[]>
        {
            ["LeakyReLU"] = [("alpha", "negative_slope")],
            ["MaxoutDense"] = KeptFromKeras1,
            ["Highway"] = KeptFromKeras1,
            ["CategoryEncoding"] = [("max_tokens", "num_tokens")],
            ["Discretization"] = [("bins", "bin_boundaries")],
        },
        Dropped = ["batch_input_shape"],
        DroppedOf = new Dictionary<string, string[]>
        {
            ["Embedding"] = ["input_length", "sparse"],
            ["DepthwiseConv2D"] = ["filters"],
            ["MultiHeadAttention"] = ["query_shape", "key_shape", "value_shape"],
            ["MaxoutDense"] = ["input_dim"],
            ["Highway"] = ["input_dim", "transform_bias"],
        },
    };

    /// <summary>What more than a renamed key tells these classes from the layer they become.</summary>
    private static readonly Dictionary<string, (string Key, JToken Value)[]> Implied = new()
    {
        ["CuDNNLSTM"] = [("activation", "tanh"), ("recurrent_activation", "sigmoid"), ("use_bias", true)],
        ["CuDNNGRU"] = [("activation", "tanh"), ("recurrent_activation", "sigmoid"), ("use_bias", true), ("reset_after", true)],
        ["SyncBatchNormalization"] = [("synchronized", true)],
    };

    private static readonly HashSet<string> UngroupedConvolutions =
        ["Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D"];

    private static readonly Dictionary<string, Action<LayerDraft>> Values = new()
    {
        ["BatchNormalization"] = draft => draft.Config["axis"] = SingleAxis(draft.Config["axis"]),
        ["Lambda"] = LambdaForms.Apply,
        ["Merge"] = MergeModes.Apply,
    };

    /// <summary>Rewrites a layer in place.</summary>
    public static void Apply(LayerDraft draft)
    {
        Tables(draft);
        JObject config = draft.Config;
        if (config.Text("dtype") is { } dtype && !dtype.StartsWith("float", StringComparison.Ordinal))
        {
            // A first layer's dtype is that of the model's input.
            config["dtype"] = "float32";
        }

        TheanoPadding.Apply(draft);
    }

    /// <summary>What multi-backend Keras 2 and tf.keras share.</summary>
    public static void Tables(LayerDraft draft)
    {
        foreach ((string key, JToken value) in Implied.GetValueOrDefault(draft.ClassName) ?? [])
        {
            draft.Config.Default(key, value.DeepClone());
        }

        Renames.Apply(draft);
        if (UngroupedConvolutions.Contains(draft.ClassName) && draft.Config.Integer("groups") == 1)
        {
            draft.Config.Remove("groups");
        }

        Values.GetValueOrDefault(draft.ClassName)?.Invoke(draft);
    }

    private static JToken? SingleAxis(JToken? axis) => axis is JArray { Count: 1 } list ? list[0] : axis;
}
