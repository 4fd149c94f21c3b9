using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Functions in configs before Keras 3: <c>[code, defaults, closure]</c> or a name, told apart by a key <c>…_type</c>.</summary>
/// <remarks>The code is carried along to be described, never run.</remarks>
internal static class LambdaForms
{
    private static readonly string[] Functions = ["function", "output_shape", "mask"];

    private static readonly string[] Suffixes = ["type", "module"];

    /// <summary>Rewrites a <c>Lambda</c> in place.</summary>
    public static void Apply(LayerDraft draft)
    {
        foreach (string key in Functions)
        {
            string? type = draft.Config.Text($"{key}_type");
            if (draft.Config[key] is { } function)
            {
                draft.Config[key] = Canonical(function, type);
            }

            if (key == "function" && draft.Config[key] is JObject named && named.Text("class_name") == "function" && named.Text("config") is { } name)
            {
                named["config"] = Activations.NameOf(name, draft.Generation);
            }

            foreach (string suffix in Suffixes)
            {
                draft.Config.Remove($"{key}_{suffix}");
            }
        }

        draft.Config.Remove("module");
    }

    /// <summary>A function as Keras 3 writes it; other values stay.</summary>
    public static JToken Canonical(JToken value, string? type) => (type, value) switch
    {
        ("lambda", JArray { Count: > 0 } parts) => new JObject
        {
            ["class_name"] = "__lambda__",
            ["config"] = new JObject
            {
                ["code"] = parts[0].DeepClone(),
                ["defaults"] = parts.ElementAtOrDefault(1)?.DeepClone() ?? JValue.CreateNull(),
                ["closure"] = parts.ElementAtOrDefault(2)?.DeepClone() ?? JValue.CreateNull(),
            },
        },
        ("lambda", JValue { Value: string code }) => Canonical(new JArray(code), type),
        ("function", JValue { Value: string name }) => new JObject { ["class_name"] = "function", ["config"] = name },
        _ => value.DeepClone(),
    };
}
