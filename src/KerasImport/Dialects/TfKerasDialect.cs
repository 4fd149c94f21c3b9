using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>tf.keras of TensorFlow 1 and 2, and tf_keras: Keras 2's tables and its own.</summary>
internal static class TfKerasDialect
{
    private static readonly Dictionary<string, string> OutputModes = new() { ["binary"] = "multi_hot", ["tf-idf"] = "tf_idf" };

    private static readonly HashSet<string> Encoders = ["TextVectorization", "StringLookup", "IntegerLookup", "CategoryEncoding", "Hashing"];

    private static readonly Dictionary<string, Action<LayerDraft>> Values = new()
    {
        ["Discretization"] = draft =>
        {
            if (draft.Config["num_bins"] is { Type: not JTokenType.Null })
            {
                draft.Config["summary_from_increment"] = true;
            }
        },
        // An axis of none is written as an empty tuple.
        ["Normalization"] = draft => draft.Config["axis"] = draft.Config["axis"] is JArray { Count: 0 } ? JValue.CreateNull() : draft.Config["axis"],
    };

    /// <summary>Rewrites a layer in place.</summary>
    public static void Apply(LayerDraft draft)
    {
        Keras2Dialect.Tables(draft);
        if (Encoders.Contains(draft.ClassName) && draft.Config.Text("output_mode") is { } mode)
        {
            draft.Config["output_mode"] = OutputModes.GetValueOrDefault(mode, mode);
        }

        Values.GetValueOrDefault(draft.ClassName)?.Invoke(draft);
    }
}
