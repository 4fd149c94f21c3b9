using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects.Tests;

/// <summary>What holds for every canonical architecture, whatever file it came from.</summary>
internal static class CanonicalInvariants
{
    private static readonly HashSet<string> Kinds = ["model", "layer", "operation"];

    /// <summary>Keys that only older generations or wrappers have.</summary>
    private static readonly HashSet<string> Leftovers =
    [
        "module", "shared_object_id", "compile_config", "batch_input_shape", "input_dtype", "nb_filter", "nb_row", "nb_col", "filter_length",
        "border_mode", "subsample", "subsample_length", "dim_ordering", "atrous_rate", "pool_length", "consume_less", "inner_activation",
        "inner_init", "forget_bias_init", "W_regularizer", "U_regularizer", "b_regularizer", "dropout_W", "dropout_U", "concat_axis", "dot_axes",
        "mode_type", "function_type", "output_shape_type", "robust_masking", "softmax_robust_masking",
    ];

    private static readonly HashSet<string> LegacyClasses =
    [
        "Model", "Container", "Convolution1D", "Convolution2D", "Convolution3D", "Deconvolution2D", "AtrousConvolution1D", "AtrousConvolution2D",
        "SeparableConvolution2D", "TimeDistributedDense", "CuDNNLSTM", "CuDNNGRU", "SyncBatchNormalization", "BatchNormalizationV1",
    ];

    private static readonly HashSet<string> WithDataFormat =
        ["Conv1D", "Conv2D", "Conv3D", "MaxPooling2D", "GlobalAveragePooling2D", "UpSampling2D", "ZeroPadding2D", "Cropping2D", "Flatten"];

    /// <summary>Checks a whole tree.</summary>
    public static void Check(JObject root)
    {
        Assert.Equal("model", (string?)root["kind"]);
        Object(root);
        foreach (JProperty property in root.DescendantsAndSelf().OfType<JProperty>())
        {
            Assert.False(Leftovers.Contains(property.Name), $"{property.Path}: a key of an older generation");
        }
    }

    private static void Object(JObject item)
    {
        Assert.Contains((string)item["kind"]!, Kinds);
        string className = Assert.IsType<string>((string?)item["class_name"]);
        Assert.DoesNotContain(className, LegacyClasses);
        Assert.False(string.IsNullOrEmpty((string?)item["name"]), $"{item.Path}: no name");
        var config = Assert.IsType<JObject>(item["config"]);
        if ((string?)item["kind"] != "operation" || config["name"] is not null)
        {
            Assert.NotNull((string?)config["name"]);
        }

        if ((string?)item["kind"] == "layer")
        {
            Assert.NotNull(config["dtype"]);
            Assert.False(WithDataFormat.Contains(className) && config["data_format"] is not JValue { Value: "channels_first" or "channels_last" or "channels_sideways" }, $"{item.Path}: no data_format");
        }

        foreach (string layout in (item["weight_layout"] as JArray ?? []).Select(token => (string)token!))
        {
            Assert.Contains(layout.Split(':')[0], WeightLayouts.Names);
        }

        foreach (JToken inner in new[] { config["layer"], config["backward_layer"], config["cell"] }.OfType<JObject>().Concat((config["cells"] as JArray ?? []).OfType<JObject>()))
        {
            Object((JObject)inner);
        }

        if ((string?)item["kind"] == "model")
        {
            Model(className, config);
        }
    }

    private static void Model(string className, JObject config)
    {
        JObject[] layers = [.. Assert.IsType<JArray>(config["layers"]).Cast<JObject>()];
        foreach (JObject layer in layers)
        {
            Object(layer);
        }

        if (className == "Sequential")
        {
            Assert.All(layers, layer => Assert.Null(layer["inbound_nodes"]));
            return;
        }

        Assert.Equal("Functional", className);
        Dictionary<string, JObject> byName = layers.ToDictionary(layer => (string)layer["name"]!);
        foreach (JToken edge in new[] { config["input_layers"]!, config["output_layers"]! })
        {
            JArray[] leaves = [.. Leaves(edge)];
            Assert.NotEmpty(leaves);
            Assert.All(leaves, leaf => Reference(leaf, byName));
        }

        NoCycle(layers, byName);
    }

    /// <summary>Every tensor names a call that exists, and no call waits for itself.</summary>
    private static void NoCycle(JObject[] layers, Dictionary<string, JObject> byName)
    {
        var done = new HashSet<(string, int)>();
        var under = new HashSet<(string, int)>();

        void Visit(string name, int node)
        {
            if (done.Contains((name, node)))
            {
                return;
            }

            Assert.True(under.Add((name, node)), $"{name}[{node}] waits for itself");
            if (byName[name]["inbound_nodes"] is JArray calls && node < calls.Count)
            {
                foreach (JArray history in calls[node].SelectTokens("$..keras_history").Cast<JArray>())
                {
                    Reference(history, byName);
                    Visit((string)history[0]!, (int)history[1]);
                }
            }

            under.Remove((name, node));
            done.Add((name, node));
        }

        foreach (JObject layer in layers)
        {
            var calls = Assert.IsType<JArray>(layer["inbound_nodes"]);
            for (int node = 0; node < calls.Count; node++)
            {
                var call = Assert.IsType<JObject>(calls[node]);
                Assert.IsType<JArray>(call["args"]);
                Assert.IsType<JObject>(call["kwargs"]);
                Visit((string)layer["name"]!, node);
            }
        }
    }

    private static void Reference(JArray history, Dictionary<string, JObject> layers)
    {
        Assert.Equal(3, history.Count);
        JObject layer = Assert.Contains((string)history[0]!, (IReadOnlyDictionary<string, JObject>)layers);
        int calls = ((JArray)layer["inbound_nodes"]!).Count;
        int known = (string?)layer["class_name"] == "InputLayer" ? Math.Max(calls, 1) : calls;
        Assert.InRange((int)history[1], 0, known - 1);
        Assert.True((int)history[2] >= 0);
    }

    private static IEnumerable<JArray> Leaves(JToken token) => token switch
    {
        JArray { Count: 3 } leaf when leaf[0].Type == JTokenType.String => [leaf],
        JContainer container => container.Children().SelectMany(child => Leaves(child is JProperty pair ? pair.Value : child)),
        _ => [],
    };
}
