using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Rewrites <c>Sequential</c>: a list of layers (to Keras 2.2.2) or an object that holds it; with an input layer where the shape is known.</summary>
internal static class SequentialModels
{
    /// <summary>Rewrites a Sequential model.</summary>
    public static JObject Rewrite(JObject entry, string place, DialectContext context, int depth)
    {
        JToken? written = entry["config"];
        if ((written is JObject holder ? holder["layers"] : written) is not JArray list)
        {
            context.Report(Rewriting.Place(place, "layers"), "no list", "a list of layers");
            list = [];
        }

        JObject[] entries = Entries(list, place, context);
        string name = Rewriting.NameOf(entry) ?? context.MadeName("Sequential");
        if (entries.Length > 0 && MergedBranches.StartsWith(entries[0]))
        {
            return MergedBranches.Rewrite(name, entries, place, context, depth);
        }

        var layers = new JArray();
        if (entries.Length > 0 && entries[0].Text("class_name") != "InputLayer" && InputLayers.Of(entry, entries[0], context) is { } input)
        {
            layers.Add(input);
        }

        for (int i = 0; i < entries.Length; i++)
        {
            layers.Add(Rewriting.Entry(entries[i], Rewriting.Place(place, $"layers[{i}]", entries[i]), context, depth + 1));
        }

        return Models.Object("Sequential", name, new JObject { ["layers"] = layers }, entry);
    }

    /// <summary>The entries of a list of layers; what is no object is reported and left out.</summary>
    internal static JObject[] Entries(JArray list, string place, DialectContext context)
    {
        var entries = new List<JObject>();
        for (int i = 0; i < list.Count; i++)
        {
            if (list[i] is JObject entry)
            {
                entries.Add(Keras0Entries.WithClassName(entry));
            }
            else
            {
                context.Report(Rewriting.Place(place, $"layers[{i}]"), list[i].Type.ToString().ToLowerInvariant(), "a layer, {\"class_name\", \"config\"}");
            }
        }

        return [.. entries];
    }
}
