using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>A Keras 1 Sequential model that starts with a <c>Merge</c> of branches: rewritten as the functional model that it is.</summary>
/// <remarks>The branches' layers become layers of the model itself, in the order in which the file lists their weights. Layers of one name are one
/// layer, as in Keras 1.</remarks>
internal sealed class MergedBranches
{
    private readonly List<JObject> _entries = [];
    private readonly List<JArray> _inputs = [];
    private readonly DialectContext _context;
    private readonly int _depth;

    private MergedBranches(DialectContext context, int depth)
    {
        _context = context;
        _depth = depth;
    }

    /// <summary>True where a Sequential model's first entry merges branches.</summary>
    public static bool StartsWith(JObject first) =>
        first.Text("class_name") == "Merge" && first["config"] is JObject config && config["layers"] is JArray;

    /// <summary>Rewrites the model.</summary>
    public static JObject Rewrite(string name, JObject[] entries, string place, DialectContext context, int depth)
    {
        var branches = new MergedBranches(context, depth);
        JArray output = branches.Chain(entries, place);
        var graph = new JObject
        {
            ["name"] = name,
            ["layers"] = new JArray(branches._entries.ToArray<object>()),
            ["input_layers"] = new JArray(branches._inputs.ToArray<object>()),
            ["output_layers"] = new JArray { output },
        };
        return FunctionalModels.Rewrite(new JObject { ["class_name"] = "Model", ["name"] = name, ["config"] = graph }, graph, place, context, depth);
    }

    /// <summary>Adds the layers of a Sequential one after another; gives the tensor that leaves the last.</summary>
    private JArray Chain(JObject[] entries, string place)
    {
        JArray? tensor = null;
        for (int i = 0; i < entries.Length; i++)
        {
            string at = Rewriting.Place(place, $"layers[{i}]", entries[i]);
            tensor = i > 0 ? Called(entries[i], [tensor!])
                : StartsWith(entries[i]) ? Called(entries[i], Branches((JArray)entries[i]["config"]!["layers"]!, at))
                : Called(entries[i], [Input(entries[i], at)]);
        }

        return tensor ?? new JArray(string.Empty, 0, 0);
    }

    private JArray[] Branches(JArray branches, string place)
    {
        _context.CheckDepth(_depth, place);
        return
        [
            .. SequentialModels.Entries(branches, place, _context).Select((branch, i) =>
                branch["config"] is JArray list
                    ? Chain(SequentialModels.Entries(list, place, _context), $"{place}.layers[{i}]")
                    : Called(branch, [Input(branch, place)])),
        ];
    }

    /// <summary>The input layer of a branch.</summary>
    private JArray Input(JObject first, string place)
    {
        if (InputLayers.Of(first, first, _context) is not { } input)
        {
            _context.Report(place, "no input shape", "batch_input_shape of a branch's first layer");
            return new JArray(string.Empty, 0, 0);
        }

        var tensor = new JArray(input.Text("name")!, 0, 0);
        if (_entries.All(entry => Rewriting.NameOf(entry) != input.Text("name")))
        {
            _entries.Add(new JObject
            {
                ["class_name"] = "InputLayer",
                ["name"] = input["name"],
                ["config"] = input["config"],
                ["inbound_nodes"] = new JArray(),
            });
            _inputs.Add(tensor);
        }

        return (JArray)tensor.DeepClone();
    }

    /// <summary>A call of a layer, which is added where its name is new.</summary>
    private JArray Called(JObject entry, JArray[] inputs)
    {
        string? name = Rewriting.NameOf(entry);
        JObject? layer = _entries.Find(known => name is not null && Rewriting.NameOf(known) == name);
        if (layer is null)
        {
            layer = (JObject)entry.DeepClone();
            layer["name"] = name ?? _context.MadeName(entry.Text("class_name") ?? "Layer");
            layer["inbound_nodes"] = new JArray();
            _entries.Add(layer);
        }

        var calls = (JArray)layer["inbound_nodes"]!;
        calls.Add(new JArray(inputs.ToArray<object>()));
        bool countsFromOne = layer.Text("class_name") is "Sequential" or "Model" or "Container";
        return new JArray(layer["name"]!, calls.Count - (countsFromOne ? 0 : 1), 0);
    }
}
