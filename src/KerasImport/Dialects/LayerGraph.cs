using Newtonsoft.Json.Linq;

namespace KerasCompat.Dialects;

/// <summary>The graph of a functional model while it is rewritten: its layers, their calls, and the tensors these name.</summary>
internal sealed class LayerGraph(string place, DialectContext context, IEnumerable<string> names)
{
    private readonly Dictionary<string, JObject> _layers = [];
    private readonly List<TensorReference> _references = [];
    private readonly HashSet<string> _names = [.. names];

    /// <summary>The layers in the file's order.</summary>
    public JArray Layers { get; } = [];

    /// <summary>Adds a rewritten layer with its calls as the file has them.</summary>
    public void Add(JObject layer, JToken? inboundNodes, string at)
    {
        string name = layer.Text("name")!;
        if (!_layers.TryAdd(name, layer))
        {
            context.Report(at, $"a second layer named \"{name}\"", "layer names that differ");
        }

        var calls = new JArray();
        var records = new NodeRecords(_names, _references);
        foreach (JToken node in inboundNodes as JArray ?? [])
        {
            if (records.Read(node, new Call(name, calls.Count), at) is { } call)
            {
                CallArguments.Canonical(layer, call, context.Generation);
                calls.Add(call);
            }
            else
            {
                context.Report($"{at}.inbound_nodes[{calls.Count}]", node.ToString(Newtonsoft.Json.Formatting.None), "the arguments of a call");
            }
        }

        layer.Property("config")!.AddAfterSelf(new JProperty("inbound_nodes", calls));
        Layers.Add(layer);
    }

    /// <summary>The model's inputs or outputs as the author grouped them.</summary>
    public JToken Boundary(JToken? structure, string key)
    {
        string at = Rewriting.Place(place, key);
        if (structure.IsNull())
        {
            context.Report(at, "nothing", "the layers at the model's edge");
            return new JArray();
        }

        return Boundary(structure!, at, context.Generation.IsLegacy ? NestedBase.BuiltModels : NestedBase.FunctionalModels);
    }

    /// <summary>Gives every reference its canonical node index and checks that the graph can be computed.</summary>
    public void Resolve(JToken inputs, JToken outputs)
    {
        NodeIndices.Resolve(_references, _layers, context);
        if (context.Generation.Era == Era.Keras1)
        {
            AliasedInputs.Undo(_references, _layers, inputs);
        }

        GraphOrder.Check(_references, _layers, place, context);
        UnlistedInputs.Check(_references, _layers, inputs, outputs, place, context);
    }

    private JToken Boundary(JToken token, string at, NestedBase nestedBase)
    {
        switch (token)
        {
            case JArray { Count: >= 3 } leaf when leaf[0].Type == JTokenType.String && leaf[1].AsInteger() is not null && leaf[2].AsInteger() is not null:
                var history = new JArray(leaf.Take(3).Select(item => item.DeepClone()));
                _references.Add(new TensorReference(history, null, nestedBase, at));
                return history;
            case JArray list:
                return new JArray(list.Select(item => Boundary(item, at, nestedBase)));
            case JObject map:
                return new JObject(map.Properties().Select(pair => new JProperty(pair.Name, Boundary(pair.Value, at, nestedBase))));
            default:
                context.Report(at, token.ToString(Newtonsoft.Json.Formatting.None), "[layer, node, tensor]");
                return token.DeepClone();
        }
    }
}
