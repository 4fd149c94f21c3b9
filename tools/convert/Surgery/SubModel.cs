using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Surgery;

/// <summary>The part of a model from some layers to others, as a model of its own.</summary>
/// <remarks>
/// What the first layers read becomes inputs, for every branch that reads it; branches that do not pass through there keep the model's own
/// inputs. A layer is named by its name, a call of a layer that is called several times as <c>NAME:CALL</c>, a layer of a nested model as
/// <c>MODEL/NAME</c>: then the part is one of the nested model.
/// </remarks>
internal static class SubModel
{
    private const string KerasTensorClass = "__keras_tensor__";

    /// <summary>Cuts a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="from">The first layers; none for the model's inputs.</param>
    /// <param name="to">The last layers; none for the model's outputs.</param>
    /// <param name="cancellation">Asked as in a load.</param>
    /// <exception cref="ArgumentException">There is no such layer, or no way from one to the other.</exception>
    /// <exception cref="UnsupportedModelException">A tensor that would become an input carries a mask.</exception>
    public static KerasModel Extract(KerasModel model, IReadOnlyList<string> from, IReadOnlyList<string> to, CancellationToken cancellation = default)
    {
        Network network = model.Network;
        while (Nested(network, [.. from, .. to]) is { } inner)
        {
            if (network.Trace.Where(t => t.Layer == inner).Select(t => t.Node).Distinct().SelectMany(c => Reads(network, new LayerReference(inner.Name, c))).FirstOrDefault(t => ValueOf(network, t).Mask is not null) is { } masked)
            {
                throw Masked(network, masked);
            }

            string prefix = $"{inner.Name}/";
            (network, from, to) = (inner, [.. from.Select(n => n[prefix.Length..])], [.. to.Select(n => n[prefix.Length..])]);
        }

        LayerReference[] first = [.. from.Select(n => Find(network, n))], last = [.. to.Select(n => Find(network, n))];
        TensorReference[] cut = [.. first.SelectMany(l => Reads(network, l)).Distinct()];
        var names = cut.Select((t, i) => (Tensor: t, Name: first.Length == 1 ? $"{first[0].Layer}_input{(i == 0 ? string.Empty : $"_{i}")}" : $"{t.Layer}_output")).ToDictionary(p => p.Tensor, p => p.Name);
        return Extract(model, network, names, last.Length == 0 ? null : [.. last.SelectMany(l => Gives(network, l))], first, cancellation);
    }

    /// <summary>Cuts a model at tensors.</summary>
    /// <param name="model">The model.</param>
    /// <param name="network">It, or a model nested in it.</param>
    /// <param name="inputs">Tensors that become inputs, and their names.</param>
    /// <param name="outputs">Tensors that become outputs; null for the model's own.</param>
    /// <param name="through">Calls that must lie on the way.</param>
    /// <param name="cancellation">Asked as in a load.</param>
    public static KerasModel Extract(
        KerasModel model, Network network, IReadOnlyDictionary<TensorReference, string> inputs, IReadOnlyList<TensorReference>? outputs, IReadOnlyList<LayerReference> through,
        CancellationToken cancellation = default)
    {
        JObject root = (JObject)network.Config.Json.DeepClone();
        root.Remove("build_config");
        root.Remove("inbound_nodes");
        var config = (JObject)root["config"]!;
        if (network.IsSequential)
        {
            CutSequence(network, config, inputs, outputs, through);
        }
        else
        {
            CutGraph(network, config, inputs, outputs, through);
        }

        using var file = new KerasFile { Name = model.Name, Kind = ContainerKind.Safetensors, Config = root, IsCanonical = true, KerasVersion = model.KerasVersion };
        KerasModel part = KerasModel.LoadArchitecture(file, new LoadOptions { CancellationToken = cancellation });
        foreach (Layer layer in part.Layers.Where(l => l.Weights.Any()))
        {
            part.SetWeights(layer.Name, [.. network.Layers.First(l => l.Name == layer.Name).Weights.Select(w => w.Value)]);
        }

        return part;
    }

    /// <summary>The tensors that a call reads.</summary>
    public static IEnumerable<TensorReference> Reads(Network network, LayerReference call)
    {
        if (network.IsSequential)
        {
            Layer[] layers = [.. network.Layers];
            int at = Array.FindIndex(layers, l => l.Name == call.Layer);
            return [at > 0 ? new TensorReference(layers[at - 1].Name, 0, 0) : new TensorReference(network.Inputs[0].Name, 0, 0)];
        }

        return Tensors(Calls(network)[call]).Select(Reference);
    }

    /// <summary>The tensors that a call gives.</summary>
    public static IEnumerable<TensorReference> Gives(Network network, LayerReference call) =>
        network.Inputs.Any(i => i.Name == call.Layer)
            ? [new TensorReference(call.Layer, 0, 0)]
            : [.. network.Trace.Where(t => t.Layer.Name == call.Layer && t.Node == call.Call).Select(t => new TensorReference(call.Layer, call.Call, t.Output))];

    /// <summary>Every call of a Functional, and its arguments in the canonical config.</summary>
    public static Dictionary<LayerReference, JObject> Calls(Network network) => ((JArray)network.Config.Json["config"]!["layers"]!).Cast<JObject>()
        .SelectMany(l => ((JArray?)l["inbound_nodes"] ?? []).Cast<JObject>().Select((node, i) => (Call: new LayerReference((string)l["name"]!, i), Node: node)))
        .ToDictionary(c => c.Call, c => c.Node);

    private static void CutSequence(
        Network network, JObject config, IReadOnlyDictionary<TensorReference, string> inputs, IReadOnlyList<TensorReference>? outputs, IReadOnlyList<LayerReference> through)
    {
        JObject[] layers = [.. ((JArray)config["layers"]!).Cast<JObject>()];
        JObject[] computing = [.. layers.Where(l => (string?)l["class_name"] != "InputLayer")];
        int[] starts = [.. inputs.Keys.Select(t => At(t.Layer) + 1)], ends = [.. (outputs ?? []).Select(t => At(t.Layer))];
        int first = starts.Append(0).Max(), last = ends.Append(outputs is null ? computing.Length - 1 : -1).Max();
        if (first > last || starts.Length > 1 || ends.Length > 1 || through.Any(t => At(t.Layer) > last))
        {
            throw NoWay(inputs.Keys, outputs);
        }

        JObject? input = first == 0
            ? layers.FirstOrDefault(l => (string?)l["class_name"] == "InputLayer")
            : Input(network, inputs.Keys.First(t => At(t.Layer) == first - 1), inputs.Values.First());
        config["layers"] = new JArray(computing[first..(last + 1)].Prepend(input).OfType<JObject>());

        int At(string name) => Array.FindIndex(computing, l => (string?)l["name"] == name);
    }

    private static void CutGraph(
        Network network, JObject config, IReadOnlyDictionary<TensorReference, string> inputs, IReadOnlyList<TensorReference>? outputs, IReadOnlyList<LayerReference> through)
    {
        if (outputs is not null)
        {
            JArray[] leaves = [.. outputs.Select(t => new JArray(t.Layer, t.Call, t.Tensor))];
            config["output_layers"] = leaves.Length == 1 ? leaves[0] : new JArray(leaves.AsEnumerable<object>().ToArray());
        }

        // From the outputs back to what is given.
        Dictionary<LayerReference, JObject> calls = Calls(network);
        var needed = new HashSet<LayerReference>();
        var given = new HashSet<TensorReference>();
        var open = new Stack<TensorReference>(Leaves(config["output_layers"]!).Select(Reference));
        while (open.TryPop(out TensorReference? tensor))
        {
            if (inputs.ContainsKey(tensor))
            {
                given.Add(tensor);
            }
            else if (needed.Add(new LayerReference(tensor.Layer, tensor.Call)) && calls.TryGetValue(new LayerReference(tensor.Layer, tensor.Call), out JObject? node))
            {
                Tensors(node).Select(Reference).ToList().ForEach(open.Push);
            }
        }

        if (through.Any(t => !needed.Contains(t)) || needed.Count == 0)
        {
            throw NoWay(inputs.Keys, outputs);
        }

        // A layer keeps the calls that are needed; those that remain are counted anew.
        var kept = needed.GroupBy(c => c.Layer).ToDictionary(g => g.Key, g => g.Select(c => c.Call).Order().ToArray());
        JObject[] layers = [.. ((JArray)config["layers"]!).Cast<JObject>().Where(l => kept.ContainsKey((string)l["name"]!))];
        foreach (JObject layer in layers.Where(l => l["inbound_nodes"] is JArray { Count: > 0 }))
        {
            JObject[] nodes = [.. layer["inbound_nodes"]!.Cast<JObject>()];
            layer["inbound_nodes"] = new JArray(kept[(string)layer["name"]!].Select(i => nodes[i]));
            foreach (JObject tensor in Tensors(layer["inbound_nodes"]!))
            {
                tensor["config"]!["keras_history"] = Renumbered(Reference(tensor));
            }
        }

        foreach (JArray leaf in Leaves(config["output_layers"]!).ToArray())
        {
            leaf.ReplaceAll(Renumbered(Reference(leaf)).Children());
        }

        JObject[] made = [.. inputs.Where(i => given.Contains(i.Key)).Select(i => Input(network, i.Key, i.Value))];
        config["layers"] = new JArray([.. made, .. layers]);
        config["input_layers"] = new JArray([.. made.Concat(layers).Where(l => (string?)l["class_name"] == "InputLayer").Select(l => new JArray((string)l["name"]!, 0, 0))]);

        JArray Renumbered(TensorReference tensor) => inputs.TryGetValue(tensor, out string? name)
            ? new JArray(name, 0, 0)
            : new JArray(tensor.Layer, kept[tensor.Layer] is var calls ? Math.Max(Array.IndexOf(calls, tensor.Call), 0) : 0, tensor.Tensor);
    }

    /// <summary>The model nested in another in which all names lie; null where they are the other's own.</summary>
    private static Network? Nested(Network network, string[] names) => names.Length == 0 ? null : network.Layers.OfType<Network>()
        .FirstOrDefault(inner => names.All(n => n.StartsWith($"{inner.Name}/", StringComparison.Ordinal) && network.Layers.All(l => l.Name != n)));

    private static LayerReference Find(Network network, string text)
    {
        string[] names = [.. network.Inputs.Select(i => i.Name), .. network.Trace.Select(t => t.Layer.Name).Distinct()];
        int colon = text.LastIndexOf(':');
        (string name, int? call) = names.Contains(text) || colon < 0 || !int.TryParse(text[(colon + 1)..], out int number) ? (text, (int?)null) : (text[..colon], number);
        if (!names.Contains(name))
        {
            throw new ArgumentException($"The model has no layer \"{name}\"; its layers are {string.Join(", ", names)}.");
        }

        int calls = network.Trace.Where(t => t.Layer.Name == name).Select(t => t.Node + 1).Append(1).Max();
        return (call, calls) switch
        {
            (null, > 1) => throw new ArgumentException($"Layer \"{name}\" is called {calls} times; name the call: {name}:0 to {name}:{calls - 1}."),
            ({ } known, _) when known >= calls => throw new ArgumentException($"Layer \"{name}\" is called {calls} times; there is no call {known}."),
            _ => new LayerReference(name, call ?? 0),
        };
    }

    private static IEnumerable<JObject> Tensors(JToken arguments) =>
        arguments.SelectTokens("$..*").OfType<JObject>().Where(o => (string?)(o["class_name"] as JValue) == KerasTensorClass).ToArray();

    private static TensorReference Reference(JObject tensor) => Reference((JArray)tensor["config"]!["keras_history"]!);

    private static TensorReference Reference(JArray history) => new((string)history[0]!, (int)history[1], (int)history[2]);

    /// <summary>The references in outputs: leaves [layer, node, tensor] in lists and objects.</summary>
    private static IEnumerable<JArray> Leaves(JToken structure) => structure switch
    {
        JArray { Count: 3 } leaf when leaf[0].Type == JTokenType.String => [leaf],
        _ => structure.Children().Select(c => c is JProperty property ? property.Value : c).SelectMany(Leaves),
    };

    private static ArgumentException NoWay(IEnumerable<TensorReference> inputs, IReadOnlyList<TensorReference>? outputs) =>
        new($"There is no way from what {(inputs.Any() ? string.Join(", ", inputs.Select(i => $"\"{i.Layer}\"")) : "the inputs")} gives to {(outputs is null ? "the outputs" : string.Join(", ", outputs.Select(o => $"\"{o.Layer}\"").Distinct()))}.");

    private static JObject Input(Network network, TensorReference at, string name)
    {
        KerasTensor value = ValueOf(network, at);
        if (value.Mask is not null)
        {
            throw Masked(network, at);
        }

        return new JObject
        {
            ["kind"] = "layer",
            ["class_name"] = "InputLayer",
            ["name"] = name,
            ["config"] = new JObject
            {
                ["name"] = name,
                ["batch_shape"] = new JArray(value.Value.Shape.Select(d => d.ValueOrNull is { } size ? new JValue(size) : JValue.CreateNull())),
                ["dtype"] = value.Value.DType.Name(),
                ["sparse"] = false,
                ["ragged"] = value.Lengths is not null,
                ["optional"] = false,
            },
            ["inbound_nodes"] = new JArray(),
        };
    }

    private static UnsupportedModelException Masked(Network network, TensorReference at)
    {
        Value? mask = ValueOf(network, at).Mask;
        string maker = network.Trace.First(t => t.Tensor.Mask == mask).Layer.Name;
        return new UnsupportedModelException(
            $"layer \"{at.Layer}\"", $"an output with the mask of layer \"{maker}\"", "an output without a mask: inputs carry none", $"begin at \"{maker}\" or before it, so that the part makes the mask itself");
    }

    /// <summary>The value that a reference means.</summary>
    public static KerasTensor ValueOf(Network network, TensorReference at) =>
        network.Trace.FirstOrDefault(t => t.Layer.Name == at.Layer && t.Node == at.Call && t.Output == at.Tensor)?.Tensor
        ?? InputValue(network, at.Layer)
        ?? throw new ArgumentException($"Layer \"{at.Layer}\" has no output {at.Tensor} of call {at.Call}.");

    /// <summary>An input's value, as the layers that read it know its type.</summary>
    private static KerasTensor? InputValue(Network network, string name) =>
        network.Inputs.FirstOrDefault(i => i.Name == name) is { } input ? input.Declare(new GraphBuilder()) : null;
}

/// <summary>A call of a layer.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Call">Which of its calls.</param>
internal sealed record LayerReference(string Layer, int Call);

/// <summary>A tensor that a call of a layer gives.</summary>
/// <param name="Layer">The layer's name.</param>
/// <param name="Call">Which of its calls.</param>
/// <param name="Tensor">Which of the call's tensors.</param>
internal sealed record TensorReference(string Layer, int Call, int Tensor);
