namespace KerasCompat.Convert.Report;

/// <summary>What kind of layer a class is, told by its name; each kind has a colour in a report.</summary>
internal static class LayerFamily
{
    private static readonly (string Family, string[] Parts)[] Rules =
    [
        ("input", ["InputLayer"]),
        ("model", ["Functional", "Sequential", "Model"]),
        ("sampling", ["Pool", "UpSampling", "Cropping", "ZeroPadding", "Resizing"]),
        ("convolution", ["Conv", "LocallyConnected"]),
        ("attention", ["Attention"]),
        ("recurrent", ["LSTM", "GRU", "RNN", "Bidirectional", "TimeDistributed"]),
        ("dense", ["Dense", "Embedding", "Highway"]),
        ("normalization", ["Normalization", "LayerScale"]),
        ("activation", ["Activation", "LU", "elu", "Elu", "ilu", "Glu", "Soft", "igmoid", "anh", "Shrink", "Sparse"]),
        ("merging", ["Add", "Concatenate", "Merge", "Multiply", "Average", "Maximum", "Minimum", "Subtract", "Dot"]),
        ("shape", ["Reshape", "Flatten", "Permute", "RepeatVector", "Dropout", "Noise", "Masking", "Identity"]),
    ];

    /// <summary>All families, in the order of a legend.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Rules.Select(r => r.Family), "other"];

    public static string Of(string className) =>
        Rules.FirstOrDefault(r => r.Parts.Any(p => className.Contains(p, StringComparison.Ordinal))).Family ?? "other";
}
