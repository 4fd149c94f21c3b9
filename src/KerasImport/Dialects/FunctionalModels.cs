using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>Rewrites functional models: layers, calls, inputs and outputs.</summary>
internal static class FunctionalModels
{
    /// <summary>Rewrites a functional model, whatever the class of its Python object is called.</summary>
    public static JObject Rewrite(JObject entry, JObject config, string place, DialectContext context, int depth)
    {
        string name = Rewriting.NameOf(entry) ?? context.MadeName("Functional");
        if (config["layers"] is not JArray list)
        {
            context.Report(Rewriting.Place(place, "layers"), "no list", "a list of layers");
            list = [];
        }

        JObject[] entries = SequentialModels.Entries(list, place, context);
        var graph = new LayerGraph(place, context, entries.Select(Rewriting.NameOf).OfType<string>());
        for (int i = 0; i < entries.Length; i++)
        {
            string at = Rewriting.Place(place, $"layers[{i}]", entries[i]);
            graph.Add(Rewriting.Entry(entries[i], at, context, depth + 1), entries[i]["inbound_nodes"], at);
        }

        JToken inputs = graph.Boundary(config["input_layers"], "input_layers");
        JToken outputs = graph.Boundary(config["output_layers"], "output_layers");
        graph.Resolve(inputs, outputs);
        return Models.Object(
            "Functional", name, new JObject { ["layers"] = graph.Layers, ["input_layers"] = inputs, ["output_layers"] = outputs }, entry);
    }
}
