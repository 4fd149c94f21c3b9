using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Rewrites one layer: its config by its generation's tables, the layers it wraps, the values of its keys.</summary>
internal static class Layers
{
    private static readonly string[] WrappedLayer = ["layer", "forward_layer", "backward_layer", "cell"];

    private static readonly string[] WrappedList = ["cells", "layers"];

    /// <summary>Rewrites a layer.</summary>
    public static JObject Rewrite(JObject entry, string place, DialectContext context, int depth)
    {
        string written = entry.Text("class_name") ?? string.Empty;
        string className = ValueForms.WithoutPackage(written);
        string? custom = ValueForms.CustomName(written, entry);
        if (entry["config"] is not JObject)
        {
            context.Report(Rewriting.Place(place, "config"), Describe(entry["config"]), "an object");
        }

        JObject raw = entry["config"] as JObject ?? [];
        string name = Rewriting.NameOf(entry) ?? context.MadeName(className);
        var draft = new LayerDraft(className, name, CopyOf(raw, place, context, depth), place, context);
        if (custom is null)
        {
            Dialect.Apply(draft);
        }

        Activations.Apply(draft, raw, depth);
        draft.Config["dtype"] = DTypePolicies.Canonical(draft.Config["dtype"]);
        draft.Config["name"] = name;
        return Object("layer", draft, custom, entry);
    }

    /// <summary>Rewrites an operation: its class and config stay as they are.</summary>
    public static JObject RewriteOperation(JObject entry, string place, DialectContext context)
    {
        string className = entry.Text("class_name") ?? string.Empty;
        if (className.Length == 0)
        {
            context.Report(Rewriting.Place(place, "class_name"), Describe(entry["class_name"]), "the class of an operation");
        }

        string name = Rewriting.NameOf(entry) ?? context.MadeName(className);
        JObject config = entry["config"] is JObject raw ? (JObject)ValueForms.Clean(raw) : [];
        return Object("operation", new LayerDraft(className, name, config, place, context), null, entry);
    }

    /// <summary>A layer's canonical object without its calls.</summary>
    private static JObject Object(string kind, LayerDraft draft, string? custom, JObject entry)
    {
        var layer = new JObject { ["kind"] = kind, ["class_name"] = draft.ClassName };
        if (custom is not null)
        {
            layer["registered_name"] = custom;
        }

        layer["name"] = draft.Name;
        layer["config"] = draft.Config;
        if (draft.WeightLayout.Count > 0)
        {
            layer["weight_layout"] = new JArray(draft.WeightLayout);
        }

        if (entry["build_config"] is JObject build)
        {
            layer["build_config"] = ValueForms.Clean(build);
        }

        if (entry["shared_object_id"] is { } id)
        {
            layer[SharedObjects.RawKey] = id.DeepClone();
        }

        return layer;
    }

    private static JObject CopyOf(JObject raw, string place, DialectContext context, int depth)
    {
        var config = new JObject();
        foreach (JProperty property in raw.Properties())
        {
            config[property.Name] = property.Value switch
            {
                JObject wrapped when WrappedLayer.Contains(property.Name) && wrapped.ContainsKey("class_name") =>
                    Rewriting.Entry(wrapped, Rewriting.Place(place, property.Name, wrapped), context, depth + 1),
                JArray list when WrappedList.Contains(property.Name) && list.All(item => item is JObject) =>
                    new JArray(list.Cast<JObject>().Select((item, i) =>
                        Rewriting.Entry(item, Rewriting.Place(place, $"{property.Name}[{i}]", item), context, depth + 1))),
                _ => ValueForms.Clean(property.Value),
            };
        }

        return config;
    }

    private static string Describe(JToken? token) => token is null ? "nothing" : $"{token.Type.ToString().ToLowerInvariant()}";
}
