using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Values of <c>activation</c> and its kin: names that changed, meanings that changed, layers in an activation's place.</summary>
internal static class Activations
{
    /// <summary>Names that meant in every generation what Keras 3 calls otherwise.</summary>
    private static readonly Dictionary<string, string> Names = new()
    {
        ["softmax_v2"] = "softmax",
        ["swish"] = "silu",
        ["hard_swish"] = "hard_silu",
    };

    /// <summary>Names whose formula changed with Keras 3.</summary>
    private static readonly Dictionary<string, string> LegacyNames = new()
    {
        // clip(0.2x + 0.5, 0, 1); Keras 3 has clip(x/6 + 0.5, 0, 1).
        ["hard_sigmoid"] = "hard_sigmoid_slope_0.2",
    };

    /// <summary>Rewrites every activation of a layer.</summary>
    /// <param name="draft">The layer.</param>
    /// <param name="raw">Its config as written.</param>
    /// <param name="depth">How deep it stands.</param>
    public static void Apply(LayerDraft draft, JObject raw, int depth)
    {
        foreach (JProperty property in draft.Config.Properties().ToArray())
        {
            if (property.Name == "activation" || property.Name.EndsWith("_activation", StringComparison.Ordinal))
            {
                property.Value = Canonical(property.Value, raw[property.Name], draft, depth);
            }
        }
    }

    /// <summary>The canonical name of what a name meant to a generation.</summary>
    public static string NameOf(string name, Generation generation)
    {
        name = Names.GetValueOrDefault(name, name);
        return generation.IsLegacy ? LegacyNames.GetValueOrDefault(name, name) : name;
    }

    private static JToken Canonical(JToken value, JToken? raw, LayerDraft draft, int depth)
    {
        if (value.IsNull())
        {
            return "linear";
        }

        if (value is JValue { Value: string name })
        {
            return NameOf(name, draft.Generation);
        }

        if (raw.AsObjectOfClass() is not { } written || written.Text("class_name") is "function" or "__lambda__")
        {
            return value;
        }

        JObject layer = Layers.Rewrite(written, $"{draft.Place}.activation", draft.Context, depth + 1);
        layer.Remove("kind");
        layer.Remove("name");
        return layer;
    }
}
