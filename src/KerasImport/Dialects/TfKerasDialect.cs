using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>tf.keras of TensorFlow 1 and 2, and tf_keras: Keras 2's tables and its own.</summary>
internal static class TfKerasDialect
{
    private static readonly Dictionary<string, string> OutputModes = new() { ["binary"] = "multi_hot", ["tf-idf"] = "tf_idf" };

    private static readonly HashSet<string> Encoders = ["TextVectorization", "StringLookup", "IntegerLookup", "CategoryEncoding", "Hashing"];

    /// <summary>Rewrites a layer in place.</summary>
    public static void Apply(LayerDraft draft)
    {
        Keras2Dialect.Tables(draft);
        if (Encoders.Contains(draft.ClassName) && draft.Config.Text("output_mode") is { } mode)
        {
            draft.Config["output_mode"] = OutputModes.GetValueOrDefault(mode, mode);
        }

        // An axis of none is written as an empty tuple.
        if (draft.ClassName == "Normalization" && draft.Config["axis"] is JArray { Count: 0 })
        {
            draft.Config["axis"] = JValue.CreateNull();
        }
    }
}
