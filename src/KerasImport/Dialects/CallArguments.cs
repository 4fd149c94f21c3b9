using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Call arguments in one form: the input first, all others by name, what the generation ignores left out.</summary>
internal static class CallArguments
{
    private static readonly string[] Recurrent = ["initial_state", "mask", "training"];

    private static readonly string[] MaskOnly = ["mask"];

    private static readonly string[] AttentionInputs = ["value", "key", "query_mask", "value_mask", "key_mask", "attention_mask", "return_attention_scores"];

    /// <summary>Names of the arguments after the first, in the order of the layer's <c>call</c>.</summary>
    private static readonly Dictionary<string, string[]> Positional = new()
    {
        ["LSTM"] = Recurrent,
        ["GRU"] = Recurrent,
        ["SimpleRNN"] = Recurrent,
        ["RNN"] = Recurrent,
        ["ConvLSTM1D"] = Recurrent,
        ["ConvLSTM2D"] = Recurrent,
        ["ConvLSTM3D"] = Recurrent,
        ["Bidirectional"] = Recurrent,
        ["Softmax"] = MaskOnly,
        ["GlobalAveragePooling1D"] = MaskOnly,
        ["Attention"] = MaskOnly,
        ["AdditiveAttention"] = MaskOnly,
        ["BatchNormalization"] = ["training", "mask"],
        ["TimeDistributed"] = ["training", "mask"],
        ["MultiHeadAttention"] = AttentionInputs,
        ["GroupQueryAttention"] = AttentionInputs,
        ["CategoryEncoding"] = ["count_weights"],
        ["ReversibleEmbedding"] = ["reverse"],
    };

    /// <summary>The first argument of layers that may be given it by name.</summary>
    private static readonly Dictionary<string, string> FirstByName = new()
    {
        ["MultiHeadAttention"] = "query",
        ["GroupQueryAttention"] = "query",
        ["LSTM"] = "sequences",
        ["GRU"] = "sequences",
        ["SimpleRNN"] = "sequences",
        ["RNN"] = "sequences",
        ["Bidirectional"] = "sequences",
    };

    /// <summary>Rewrites a call in place.</summary>
    public static void Canonical(JObject layer, JObject call, Generation generation)
    {
        if (layer.Text("kind") == "operation")
        {
            return;
        }

        var args = (JArray)call["args"]!;
        var kwargs = (JObject)call["kwargs"]!;
        string className = layer.Text("class_name")!;
        string[]? positional = layer.ContainsKey("registered_name") ? null : Positional.GetValueOrDefault(className);
        if (positional == Recurrent)
        {
            InitialStates(args, kwargs, (JObject)layer["config"]!);
        }

        if (args.Count == 0 && kwargs.Take(FirstByName.GetValueOrDefault(className, "inputs")) is { } first)
        {
            args.Add(first);
        }

        if (positional is not null && args.Count - 1 <= positional.Length)
        {
            foreach ((string name, JToken value) in positional.Zip(args.TakeFrom(1)))
            {
                kwargs.Default(name, value);
            }
        }

        Drop(kwargs, className, generation);
    }

    /// <summary>
    /// Before Keras 3 a recurrent layer's states and constants were further inputs: <c>[x, state…, constant…]</c>. The states of a stacked
    /// cell may be a list of their own.
    /// </summary>
    private static void InitialStates(JArray args, JObject kwargs, JObject config)
    {
        if (args is not [JArray { Count: > 1 } inputs] || !IsTensor(inputs[0]) || !inputs.All(AreTensors))
        {
            return;
        }

        int constants = Math.Clamp(config.Integer("num_constants") ?? 0, 0, inputs.Count - 1);
        AddList(kwargs, "constants", inputs.TakeFrom(inputs.Count - constants));
        AddList(kwargs, "initial_state", inputs.TakeFrom(1));
        args.ReplaceAll(inputs.TakeFrom(0).ToArray<object>());
    }

    private static void AddList(JObject kwargs, string name, JToken[] tensors)
    {
        if (tensors.Length > 0)
        {
            kwargs.Default(name, new JArray(tensors.ToArray<object>()));
        }
    }

    /// <summary>
    /// Null and absent mean the same. Keras 3's <c>predict</c> overrides a stored <c>training</c>, but a model called plainly keeps it: of
    /// dropout and noise it stays, because such a model wants random numbers. False is what inference does anyway.
    /// </summary>
    private static void Drop(JObject kwargs, string className, Generation generation)
    {
        bool keepsTraining = generation.IsLegacy || className.Contains("Dropout", StringComparison.Ordinal) || className == "GaussianNoise";
        foreach (JProperty pair in kwargs.Properties().ToArray())
        {
            if (IsEmpty(pair.Value) || (pair.Name == "training" && (!keepsTraining || pair.Value is JValue { Value: false })))
            {
                pair.Remove();
            }
        }
    }

    /// <summary>Null, or a structure of nothing but nulls, as a nested model's <c>mask</c> is.</summary>
    private static bool IsEmpty(JToken value) => value is JContainer { Count: > 0 } structure
        ? structure.DescendantsAndSelf().OfType<JValue>().All(leaf => leaf.Type == JTokenType.Null) && structure.DescendantsAndSelf().OfType<JValue>().Any()
        : value.IsNull();

    private static bool AreTensors(JToken token) => IsTensor(token) || (token is JArray list && list.All(AreTensors));

    private static bool IsTensor(JToken token) => token is JObject value && value.Text("class_name") == "__keras_tensor__";
}
