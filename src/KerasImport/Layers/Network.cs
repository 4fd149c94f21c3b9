using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>A model, at the root of a file or as a layer inside another model.</summary>
/// <remarks>
/// Config: <c>layers</c>; of a Functional also <c>input_layers</c> and <c>output_layers</c>. A Sequential calls its layers one after
/// another; a Functional evaluates its calls as soon as their tensors are there, whatever the order of the file.
/// </remarks>
internal sealed class Network : Layer
{
    private readonly IReadOnlyList<Entry> _entries;
    private readonly JToken? _inputLayers;
    private readonly JToken? _outputLayers;

    public Network(LayerConfig config)
        : base(config)
    {
        if (config.Token("layers") is not JArray layers)
        {
            throw config.Wrong("layers", "nothing", "a list of layers");
        }

        IsSequential = ClassName == "Sequential";
        _inputLayers = config.Token("input_layers");
        _outputLayers = config.Token("output_layers");
        config.Ignore("build_input_shape");
        string prefix = config.Json.Parent is null ? string.Empty : $"{config.Place} ";
        var entries = new List<Entry>();
        for (int i = 0; i < layers.Count; i++)
        {
            var json = (JObject)layers[i];
            if (config.Factory.TryCreate(json, $"{prefix}layers[{i}]") is { } layer)
            {
                entries.Add(new Entry(layer, [.. ((JArray?)json["inbound_nodes"] ?? []).Cast<JObject>()]));
            }
        }

        _entries = entries;
        foreach (InputLayer input in IsSequential ? [] : entries.Select(e => e.Layer).OfType<InputLayer>().Where(i => i.TakesConsumerType && i.Type.IsFloating()))
        {
            input.Type = CallsInOrder().Where(c => c.Reads.Contains((input.Name, 0))).Select(c => c.Layer.ArgumentType).OfType<DType>().LastOrDefault(input.Type);
        }
    }

    public bool IsSequential { get; }

    /// <summary>The layers in the order of Keras's <c>model.layers</c>: without op nodes, and without a Sequential's InputLayer.</summary>
    public IEnumerable<Layer> Layers => _entries.Select(e => e.Layer).Where(l => l is not Operation && !(IsSequential && l is InputLayer));

    /// <summary>The input layers, in the order of the flattened inputs.</summary>
    public IReadOnlyList<InputLayer> Inputs => IsSequential
        ? [.. _entries.Take(1).Select(e => e.Layer).OfType<InputLayer>()]
        : [.. Leaves(_inputLayers).Select(l => Find((string)l[0]!).Layer as InputLayer ?? throw Broken($"input {l[0]}", "an InputLayer"))];

    /// <summary>The layers that give the outputs, in the order of the flattened outputs.</summary>
    public IReadOnlyList<string> OutputNames => IsSequential ? [_entries[^1].Layer.Name] : [.. Leaves(_outputLayers).Select(l => (string)l[0]!)];

    /// <summary>What each call of each layer gave while the graph was built, in the order of execution.</summary>
    public List<LayerOutput> Trace { get; } = [];

    /// <summary>The calls of all layers, op nodes among them, each with the calls whose outputs it reads.</summary>
    public IReadOnlyList<CallSite> CallSites => IsSequential
        ? [.. _entries.Select((e, i) => new CallSite(e.Layer, 0, i == 0 ? [] : [(_entries[i - 1].Layer.Name, 0)]))]
        : [.. _entries.SelectMany(e => e.Nodes.Count == 0
            ? [new CallSite(e.Layer, 0, [])]
            : e.Nodes.Select((node, i) => new CallSite(e.Layer, i, [.. References(node).Select(r => (r.Layer, r.Node)).Distinct()])))];

    public override IReadOnlyList<Sublayer> Sublayers => [.. Layers.Select(l => new Sublayer("layers", l))];

    protected internal override MaskRule MaskRule => MaskRule.Computes;

    protected internal override RaggedRule RaggedRuleOf(int rank) => RaggedRule.Computes;

    protected override bool Autocasts => false;

    // A Sequential casts to what its input layer was declared as; a functional model casts each input by itself.
    internal override DType? ArgumentType => IsSequential ? Inputs.FirstOrDefault()?.Policy.Compute ?? Policy.Compute : null;

    protected override Structure Call(LayerCall call)
    {
        KerasTensor[] inputs = [.. call.Inputs];
        return IsSequential ? CallSequential(call.Graph, inputs) : CallFunctional(call, inputs);
    }

    private Structure CallSequential(GraphBuilder graph, KerasTensor[] inputs)
    {
        Structure? at = inputs.Length == 1 ? inputs[0] : Structure.Of(inputs);
        var survey = new Survey();
        foreach (Entry entry in _entries)
        {
            at ??= survey.Presumed(graph, entry.Layer);
            at = at is null ? null : survey.Try(() => entry.Layer.Invoke(graph, CallArguments.Of(at)));
            if (at is not null)
            {
                Note(entry.Layer, 0, at);
            }
        }

        survey.ThrowIfAny();
        return at!;
    }

    private Structure CallFunctional(LayerCall call, KerasTensor[] inputs)
    {
        var results = new Dictionary<(string Layer, int Node), Structure>();
        IReadOnlyList<InputLayer> inputLayers = Inputs;
        if (inputLayers.Count != inputs.Length)
        {
            throw call.Fail($"{inputs.Length} inputs", $"{inputLayers.Count}: {string.Join(", ", inputLayers.Select(l => l.Name))}");
        }

        for (int i = 0; i < inputs.Length; i++)
        {
            results[(inputLayers[i].Name, 0)] = inputLayers[i].Invoke(call.Graph, CallArguments.Of(inputs[i]));
        }

        var survey = new Survey();
        var waiting = _entries.Where(e => e.Layer is not InputLayer).SelectMany(e => e.Nodes.Select((node, i) => (Entry: e, Node: node, Index: i))).ToList();
        while (waiting.Count > 0)
        {
            int before = waiting.Count;
            waiting.RemoveAll(w =>
            {
                if (!References(w.Node).All(r => results.ContainsKey((r.Layer, r.Node))))
                {
                    return false;
                }

                if (survey.Try(() => w.Entry.Layer.Invoke(call.Graph, Arguments(w.Node, results))) is { } result)
                {
                    results[(w.Entry.Layer.Name, w.Index)] = result;
                    Note(w.Entry.Layer, w.Index, result);
                }

                return true;
            });
            if (waiting.Count == before && !PresumeOne())
            {
                break;
            }
        }

        survey.ThrowIfAny();
        return Outputs(_outputLayers!, results);

        // Where a layer fails, those behind it are looked at all the same, if the file says what they take.
        bool PresumeOne()
        {
            foreach ((Entry entry, JObject node, _) in waiting)
            {
                (string Layer, int Node, int Tensor)[] missing = [.. References(node).Where(r => !results.ContainsKey((r.Layer, r.Node)))];
                if (missing is [{ Tensor: 0 } only] && References(node).Count() == 1 && survey.Presumed(call.Graph, entry.Layer) is { } presumed)
                {
                    results[(only.Layer, only.Node)] = presumed;
                    return true;
                }
            }

            return false;
        }
    }

    private Structure Outputs(JToken structure, Dictionary<(string Layer, int Node), Structure> results) => structure switch
    {
        JArray leaf when IsLeaf(leaf) => Resolve(results, (string)leaf[0]!, (int)leaf[1], (int)leaf[2]),
        JArray list => new Structure.Sequence([.. list.Select(i => Outputs(i, results))]),
        JObject map => new Structure.Mapping([.. map.Properties().Select(p => KeyValuePair.Create(p.Name, Outputs(p.Value, results)))]),
        _ => throw Broken($"output_layers {structure}", "a reference, a list or an object"),
    };

    private KerasTensor Resolve(Dictionary<(string Layer, int Node), Structure> results, string layer, int node, int tensor)
    {
        if (!results.TryGetValue((layer, node), out Structure? result))
        {
            throw Broken(
                $"call {node} of layer \"{layer}\", which cannot be computed from the inputs {string.Join(", ", Inputs.Select(i => $"\"{i.Name}\""))}",
                "outputs that hang on the model's inputs");
        }

        return result.Tensors().ElementAtOrDefault(tensor) ?? throw Broken($"tensor {tensor} of layer \"{layer}\"", $"at most {result.Tensors().Count()} tensors");
    }

    private CallArguments Arguments(JObject node, Dictionary<(string Layer, int Node), Structure> results) => new(
        [.. ((JArray)node["args"]!).Select(a => ToStructure(a, results))],
        ((JObject)node["kwargs"]!).Properties().ToDictionary(p => p.Name, p => ToStructure(p.Value, results)));

    private Structure ToStructure(JToken token, Dictionary<(string Layer, int Node), Structure> results)
    {
        if (Reference(token) is { } reference)
        {
            return Resolve(results, reference.Layer, reference.Node, reference.Tensor);
        }

        return token switch
        {
            JArray list when References(list).Any() => new Structure.Sequence([.. list.Select(i => ToStructure(i, results))]),
            JObject map when References(map).Any() => new Structure.Mapping([.. map.Properties().Select(p => KeyValuePair.Create(p.Name, ToStructure(p.Value, results)))]),
            _ => new Structure.Constant(token),
        };
    }

    private void Note(Layer layer, int node, Structure result)
    {
        int output = 0;
        foreach (KerasTensor tensor in result.Tensors())
        {
            Trace.Add(new LayerOutput(layer, node, output++, tensor));
        }
    }

    /// <summary>The calls in the order in which Keras makes them when it loads the model: round by round, each layer as far as its inputs are there.</summary>
    private IEnumerable<CallSite> CallsInOrder()
    {
        var made = new HashSet<(string Layer, int Node)>();
        var waiting = CallSites.ToLookup(c => c.Layer).Select(calls => new Queue<CallSite>(calls)).ToList();
        for (int before = -1; made.Count > before;)
        {
            before = made.Count;
            foreach (Queue<CallSite> calls in waiting)
            {
                while (calls.TryPeek(out CallSite? call) && call.Reads.All(made.Contains))
                {
                    calls.Dequeue();
                    made.Add((call.Layer.Name, call.Node));
                    yield return call;
                }
            }
        }
    }

    private Entry Find(string name) => _entries.FirstOrDefault(e => e.Layer.Name == name)
        ?? throw Broken($"layer \"{name}\"", "the name of a layer of this model");

    private ModelFormatException Broken(string found, string expected) => new(Config.Place, found, expected, "mend the graph, or save the model again");

    private static IEnumerable<(string Layer, int Node, int Tensor)> References(JToken token) =>
        Reference(token) is { } reference ? [reference] : token.Children().SelectMany(References);

    private static (string Layer, int Node, int Tensor)? Reference(JToken token) =>
        token is JObject tensor && (string?)(tensor["class_name"] as JValue) == "__keras_tensor__" && tensor["config"]?["keras_history"] is JArray { Count: 3 } history
            ? ((string)history[0]!, (int)history[1], (int)history[2])
            : null;

    private static IEnumerable<JArray> Leaves(JToken? structure) => structure switch
    {
        JArray leaf when IsLeaf(leaf) => [leaf],
        JArray list => list.SelectMany(Leaves),
        JObject map => map.Properties().OrderBy(p => p.Name, StringComparer.Ordinal).SelectMany(p => Leaves(p.Value)),
        _ => [],
    };

    private static bool IsLeaf(JArray list) => list.Count == 3 && list[0].Type == JTokenType.String && list[1].Type == JTokenType.Integer;

    private sealed record Entry(Layer Layer, IReadOnlyList<JObject> Nodes);
}

/// <summary>One output of one call of a layer.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Node">Which of its calls.</param>
/// <param name="Output">Which output of the call.</param>
/// <param name="Tensor">The value, and its mask.</param>
internal sealed record LayerOutput(Layer Layer, int Node, int Output, KerasTensor Tensor);

/// <summary>One call of a layer in a model.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Node">Which of its calls.</param>
/// <param name="Reads">The calls whose outputs it reads.</param>
internal sealed record CallSite(Layer Layer, int Node, IReadOnlyList<(string Layer, int Node)> Reads);
