using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>What masks do in the generation that wrote a layer, as keys of its config.</summary>
internal static class MaskMeanings
{
    private static readonly HashSet<string> ElementWise = ["Add", "Subtract", "Multiply", "Average", "Maximum", "Minimum"];

    private static readonly HashSet<string> Recurrent = ["LSTM", "GRU", "SimpleRNN", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"];

    /// <summary>Those whose output is their first state.</summary>
    private static readonly HashSet<string> GivesItsState = ["LSTM", "GRU", "SimpleRNN"];

    private static readonly HashSet<string?> StateCells = ["LSTMCell", "GRUCell", "SimpleRNNCell"];

    private static readonly HashSet<string> MaskedSoftmax = ["Softmax", "Attention", "AdditiveAttention", "MultiHeadAttention", "GroupQueryAttention"];

    private static readonly Dictionary<string, Action<LayerDraft>> Rules = new()
    {
        ["Concatenate"] = draft => draft.Config["mask_rule"] = JoinRule(draft, "all", "any"),
        ["Attention"] = AttentionOverLists,
        ["AdditiveAttention"] = AttentionOverLists,
        ["Bidirectional"] = Bidirectional,
        ["TimeDistributed"] = draft => draft.Config["mask_rule"] = AsksInnerLayer(draft) ? "inner" : "passes",
    };

    /// <summary>Writes the keys.</summary>
    public static void Apply(LayerDraft draft)
    {
        if (ElementWise.Contains(draft.ClassName))
        {
            draft.Config["mask_rule"] = JoinRule(draft, "and", "or");
        }

        if (Recurrent.Contains(draft.ClassName))
        {
            draft.Config.Default("zero_output_for_mask", false);
        }

        if (Recurrent.Contains(draft.ClassName) || draft.ClassName == "Bidirectional")
        {
            draft.Config["mask_with_initial_state"] = draft.Generation.IsLegacy;
        }

        if (BeginsWithState(draft))
        {
            draft.Config["masked_start"] = "state";
        }

        if (MaskedSoftmax.Contains(draft.ClassName))
        {
            draft.Config["masked_softmax"] = SoftmaxRule(draft);
        }

        Rules.GetValueOrDefault(draft.ClassName)?.Invoke(draft);
    }

    /// <summary>Keras 3.4 turned AND into OR, all into any. Before, Keras 3 gave the output of a layer of several inputs no mask.</summary>
    private static string JoinRule(LayerDraft draft, string legacy, string current) =>
        draft.Generation.IsLegacy ? legacy : draft.Generation.Is(Era.Keras3, 3, 4) ? "none" : current;

    /// <summary>
    /// In the loops of Keras 1.0.8 to 2.2.4 on TensorFlow a masked step gave the state. That is the output before it, except ahead of the
    /// first step that counts: there other loops give zeros, this one the initial state.
    /// </summary>
    private static bool BeginsWithState(LayerDraft draft) =>
        (GivesItsState.Contains(draft.ClassName) || (draft.ClassName == "RNN" && draft.Config["cell"] is JObject cell && StateCells.Contains(cell.Text("class_name"))))
        && (draft.Generation.Era == Era.Keras1 ? !draft.Generation.Is(Era.Keras1, 1, 0, 8) : draft.Generation.Is(Era.Keras2, 2, 2, 5))
        && draft.Context.Backend == "tensorflow"
        && draft.Config.Flag("unroll") != true;

    private static void AttentionOverLists(LayerDraft draft)
    {
        if (draft.Generation.Is(Era.Keras3, 3, 4))
        {
            draft.Config["mask_rule"] = "none";
        }
    }

    /// <summary>From Keras 2.2 on, until Keras 3, TimeDistributed gave the mask of its inner layer.</summary>
    private static bool AsksInnerLayer(LayerDraft draft) =>
        draft.Generation.Era == Era.TfKeras || (draft.Generation.Era == Era.Keras2 && !draft.Generation.Is(Era.Keras2, 2, 2));

    private static string SoftmaxRule(LayerDraft draft)
    {
        bool robust = draft.Config.Take("robust_masking") is JValue { Value: true } | draft.Config.Take("softmax_robust_masking") is JValue { Value: true };
        return draft.ClassName == "Softmax" && draft.Generation.Era == Era.Keras2 ? "none"
            : draft.Generation.IsLegacy ? robust ? "where" : "add"
            : draft.Generation.Is(Era.Keras3, 3, 10) ? "add"
            : draft.Generation.Is(Era.Keras3, 3, 13) ? "add_zero_rows"
            : "zero_rows";
    }

    /// <summary>Both directions are written out. tf.keras and Keras 3 zero the masked steps of a sequence, multi-backend Keras repeats the last output.</summary>
    private static void Bidirectional(LayerDraft draft)
    {
        if (draft.Config["layer"] is not JObject forward || forward["config"] is not JObject forwardConfig)
        {
            draft.Report("layer", "no layer", "the layer to run in both directions");
            return;
        }

        draft.Config["merge_mode"] = draft.Config.ContainsKey("merge_mode") ? draft.Config["merge_mode"] : "concat";
        if (draft.Config["backward_layer"].IsNull())
        {
            draft.Config["backward_layer"] = Reversed(forward, draft.Name);
        }

        bool zeroes = draft.Generation.Era is Era.TfKeras or Era.Keras3;
        foreach (JObject direction in new[] { forwardConfig, (JObject)draft.Config["backward_layer"]!["config"]! })
        {
            if (direction.ContainsKey("zero_output_for_mask"))
            {
                direction["zero_output_for_mask"] = zeroes && direction.Flag("return_sequences") == true;
            }
        }
    }

    private static JObject Reversed(JObject forward, string name)
    {
        var backward = (JObject)forward.DeepClone();
        var config = (JObject)backward["config"]!;
        string own = forward.Text("name") ?? name;
        config["name"] = backward["name"] = own.StartsWith("forward_", StringComparison.Ordinal) ? $"backward_{own[8..]}" : $"backward_{own}";
        config["go_backwards"] = config.Flag("go_backwards") != true;
        return backward;
    }
}
