namespace KerasCompat.Ratio;

/// <summary>Nets that people build from tutorials and no fixture holds.</summary>
internal static class SmallNets
{
    public static string Mlp { get; } = Sequential(
        "[null, 32]",
        """Dense | "units": 64, "activation": "relu" """,
        """Dense | "units": 64, "activation": "relu" """,
        """Dense | "units": 10, "activation": "softmax" """);

    /// <summary>The net of Keras's example for MNIST.</summary>
    public static string Mnist { get; } = Sequential(
        "[null, 28, 28, 1]",
        """Conv2D | "filters": 32, "kernel_size": [3, 3], "activation": "relu" """,
        """MaxPooling2D | "pool_size": [2, 2] """,
        """Conv2D | "filters": 64, "kernel_size": [3, 3], "activation": "relu" """,
        """MaxPooling2D | "pool_size": [2, 2] """,
        """Flatten | "data_format": "channels_last" """,
        """Dense | "units": 10, "activation": "softmax" """);

    /// <summary>The net of Keras's example for classifying time series: three convolutions with BatchNormalization.</summary>
    public static string TimeSeries { get; } = Sequential(
        "[null, 500, 1]",
        """Conv1D | "filters": 64, "kernel_size": [3], "padding": "same" """,
        "BatchNormalization | ",
        """Activation | "activation": "relu" """,
        """Conv1D | "filters": 64, "kernel_size": [3], "padding": "same" """,
        "BatchNormalization | ",
        """Activation | "activation": "relu" """,
        """Conv1D | "filters": 64, "kernel_size": [3], "padding": "same" """,
        "BatchNormalization | ",
        """Activation | "activation": "relu" """,
        "GlobalAveragePooling1D | ",
        """Dense | "units": 2, "activation": "softmax" """);

    /// <summary>One step of eight features a call; the state stays from call to call.</summary>
    public static string StatefulLstm { get; } = Sequential(
        "[1, 1, 8]",
        """LSTM | "units": 100, "stateful": true """,
        """Dense | "units": 1 """);

    /// <summary>Keras's JSON of a Sequential model; a layer is written <c>class | rest of its config</c>.</summary>
    private static string Sequential(string batchShape, params string[] layers)
    {
        IEnumerable<string> written = layers.Select((layer, i) => layer.Split('|', 2, StringSplitOptions.TrimEntries) is [var name, var config]
            ? Layer(name, $"\"name\": \"layer_{i}\"{(config.Length > 0 ? ", " : string.Empty)}{config}")
            : throw new FormatException(layer));
        string input = Layer("InputLayer", $"\"name\": \"input\", \"dtype\": \"float32\", \"batch_shape\": {batchShape}");
        return $$$"""{"module": "keras", "class_name": "Sequential", "config": {"name": "small", "layers": [{{{string.Join(", ", written.Prepend(input))}}}]}}""";
    }

    private static string Layer(string name, string config) =>
        $$$"""{"module": "keras.layers", "class_name": "{{{name}}}", "registered_name": null, "config": { {{{config}}} }}""";
}
