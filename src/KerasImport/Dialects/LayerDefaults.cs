using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Keys that a generation may leave out, with what they then mean.</summary>
internal static class LayerDefaults
{
    private static readonly HashSet<string> WithDataFormat =
    [
        "Conv1D", "Conv2D", "Conv3D", "Conv1DTranspose", "Conv2DTranspose", "Conv3DTranspose", "DepthwiseConv1D", "DepthwiseConv2D",
        "SeparableConv1D", "SeparableConv2D", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "LocallyConnected1D", "LocallyConnected2D",
        "MaxPooling1D", "MaxPooling2D", "MaxPooling3D", "AveragePooling1D", "AveragePooling2D", "AveragePooling3D",
        "GlobalMaxPooling1D", "GlobalMaxPooling2D", "GlobalMaxPooling3D",
        "GlobalAveragePooling1D", "GlobalAveragePooling2D", "GlobalAveragePooling3D",
        "UpSampling2D", "UpSampling3D", "ZeroPadding1D", "ZeroPadding2D", "ZeroPadding3D", "Cropping2D", "Cropping3D",
        "SpatialDropout2D", "SpatialDropout3D", "Flatten", "Resizing", "CenterCrop", "RandomCrop",
    ];

    /// <summary>Missing keys of recurrent layers and cells, the same in every generation.</summary>
    private static readonly (string Key, JToken Value)[] Recurrent = [("use_bias", true), ("activation", "tanh")];

    private static readonly HashSet<string> Gated = ["LSTM", "GRU", "LSTMCell", "GRUCell", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "ConvLSTM2DCell"];

    private static readonly HashSet<string> OfGru = ["GRU", "GRUCell"];

    private static readonly HashSet<string> Driven = ["LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"];

    private static readonly string[] DriverFlags = ["return_sequences", "return_state", "go_backwards", "stateful"];

    private static readonly Dictionary<string, (string Key, JToken Value)[]> Others = new()
    {
        ["LeakyReLU"] = [("negative_slope", 0.3)],
        ["Concatenate"] = [("axis", -1)],
        ["Softmax"] = [("axis", -1)],
        ["UpSampling2D"] = [("interpolation", "nearest")],
        ["BatchNormalization"] = [("axis", -1), ("epsilon", 1e-3), ("center", true), ("scale", true)],
        ["LayerNormalization"] = [("axis", -1), ("epsilon", 1e-3), ("center", true), ("scale", true)],
        ["Embedding"] = [("mask_zero", false)],
    };

    /// <summary>Writes what is missing.</summary>
    public static void Apply(LayerDraft draft)
    {
        JObject config = draft.Config;
        if (WithDataFormat.Contains(draft.ClassName))
        {
            config.Default("data_format", DataFormats.Last);
        }

        if (Gated.Contains(draft.ClassName))
        {
            Write(config, Recurrent);
            config.Default("recurrent_activation", GateActivation(draft));
        }

        if (draft.ClassName is "SimpleRNN" or "SimpleRNNCell")
        {
            Write(config, Recurrent);
        }

        if (OfGru.Contains(draft.ClassName))
        {
            config.Default("reset_after", draft.Generation.Era is Era.TfKeras or Era.Keras3);
        }

        if (Driven.Contains(draft.ClassName))
        {
            Write(config, DriverFlags.Select(flag => (flag, (JToken)false)));
        }

        Write(config, Others.GetValueOrDefault(draft.ClassName) ?? []);
    }

    private static void Write(JObject config, IEnumerable<(string Key, JToken Value)> defaults)
    {
        foreach ((string key, JToken value) in defaults)
        {
            config.Default(key, value.DeepClone());
        }
    }

    /// <summary>hard_sigmoid to Keras 2.2, and in tf.keras's convolutional layers to the end; sigmoid since.</summary>
    private static string GateActivation(LayerDraft draft) =>
        draft.Generation.Era == Era.Keras1
        || draft.Generation.Is(Era.Keras2, 2, 3)
        || (draft.Generation.IsLegacy && draft.ClassName.StartsWith("Conv", StringComparison.Ordinal))
            ? "hard_sigmoid"
            : "sigmoid";
}
