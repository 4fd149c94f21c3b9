using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Keras 1's <c>Merge</c>: one class with a mode for what became a layer each.</summary>
internal static class MergeModes
{
    private static readonly Dictionary<string, string> Classes = new()
    {
        ["sum"] = "Add",
        ["ave"] = "Average",
        ["mul"] = "Multiply",
        ["max"] = "Maximum",
        ["concat"] = "Concatenate",
        ["dot"] = "Dot",

        // The cosine of batch_dot products: no later Keras has it.
        ["cos"] = "Merge",
    };

    /// <summary>Keys of <c>Merge</c> that each class goes on with.</summary>
    private static readonly Dictionary<string, (string From, string To)> KeptKey = new()
    {
        ["concat"] = ("concat_axis", "axis"),
        ["dot"] = ("dot_axes", "axes"),
        ["cos"] = ("dot_axes", "axes"),
    };

    private static readonly string[] Own =
    [
        "layers", "mode", "mode_type", "concat_axis", "dot_axes", "output_shape", "output_shape_type", "output_mask", "output_mask_type",
        "arguments", "node_indices", "tensor_indices",
    ];

    /// <summary>Rewrites a <c>Merge</c> in place: its class becomes that of its mode, a function its own <c>Lambda</c>.</summary>
    public static void Apply(LayerDraft draft)
    {
        JObject config = draft.Config;
        string type = config.Text("mode_type") ?? "raw";
        string? mode = config.Text("mode");
        if (type != "raw")
        {
            AsLambda(draft, type);
        }
        else if (mode is not null && Classes.TryGetValue(mode, out string? className))
        {
            draft.ClassName = className;
            if (KeptKey.TryGetValue(mode, out (string From, string To) kept))
            {
                config.Rename(kept.From, kept.To);
                config[kept.To] = Axes(config[kept.To]);
            }

            Drop(config);
            if (mode == "dot")
            {
                config["normalize"] = false;
            }
            else if (mode == "cos")
            {
                config["mode"] = "cos";
            }
        }
        else
        {
            draft.Report("mode", mode is null ? "no mode" : $"'{mode}'", $"one of {string.Join(", ", Classes.Keys)}");
        }
    }

    private static void AsLambda(LayerDraft draft, string type)
    {
        JObject config = draft.Config;
        JToken function = LambdaForms.Canonical(config["mode"] ?? JValue.CreateNull(), type);
        JToken shape = LambdaForms.Canonical(config["output_shape"] ?? JValue.CreateNull(), config.Text("output_shape_type"));
        JToken mask = LambdaForms.Canonical(config["output_mask"] ?? JValue.CreateNull(), config.Text("output_mask_type"));
        JToken arguments = config["arguments"]?.DeepClone() ?? new JObject();
        Drop(config);
        draft.ClassName = "Lambda";
        config["function"] = function;
        config["output_shape"] = shape;
        config["mask"] = mask;
        config["arguments"] = arguments;
    }

    private static void Drop(JObject config)
    {
        foreach (string key in Own)
        {
            config.Remove(key);
        }
    }

    /// <summary>Old files wrap each axis in a list: <c>[[1], [2]]</c>.</summary>
    private static JToken? Axes(JToken? axes) =>
        axes is JArray pair ? new JArray(pair.Select(axis => axis is JArray { Count: 1 } wrapped ? wrapped[0] : axis)) : axes;
}
