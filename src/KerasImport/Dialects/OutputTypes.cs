using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The element type of what preprocessing layers give, which depends on mode and generation, as key <c>output_dtype</c>.</summary>
internal static class OutputTypes
{
    private const string IntegerIndex = "int";

    /// <summary>Types of index and of encoded outputs, in Keras 3 and before it. Weighted counts (tf_idf) are always floating.</summary>
    private static readonly Dictionary<string, (string Index, string Encoded, string LegacyIndex, string LegacyEncoded)> Encoders = new()
    {
        ["StringLookup"] = ("int64", "int64", "int64", "float32"),
        ["IntegerLookup"] = ("int64", "int64", "int64", "float32"),
        ["TextVectorization"] = ("int64", "int64", "int64", "float32"),
        ["Discretization"] = ("int32", "float32", "int64", "float32"),
        ["Hashing"] = ("int64", "float32", "int64", "float32"),
        ["HashedCrossing"] = ("int64", "float32", "int64", "float32"),
    };

    /// <summary>Image layers that give the input's type in Keras 3 and the layer's own before it.</summary>
    private static readonly HashSet<string> Images = ["Resizing", "CenterCrop", "RandomCrop"];

    /// <summary>Writes the key; <c>dtype</c> of these layers, which held it in tf.keras, becomes a policy again.</summary>
    public static void Apply(LayerDraft draft)
    {
        JObject config = draft.Config;
        if (Encoders.TryGetValue(draft.ClassName, out (string Index, string Encoded, string LegacyIndex, string LegacyEncoded) types))
        {
            string mode = config.Text("output_mode") ?? IntegerIndex;
            (string index, string encoded) = draft.Generation.IsLegacy ? (types.LegacyIndex, types.LegacyEncoded) : (types.Index, types.Encoded);
            config["output_dtype"] = draft.ClassName == "StringLookup" && config.Flag("invert") == true ? "string"
                : mode == IntegerIndex ? index
                : mode == "tf_idf" ? "float32"
                : encoded;
            if (config.Text("dtype") is { } dtype && !dtype.Contains("float", StringComparison.Ordinal))
            {
                config["dtype"] = "float32";
            }
        }
        else if (Images.Contains(draft.ClassName) && draft.Generation.IsLegacy)
        {
            config["output_dtype"] = "float32";
        }
    }
}
