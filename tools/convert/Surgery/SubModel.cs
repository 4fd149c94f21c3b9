using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Surgery;

/// <summary>The part of a model from one layer to another, as a model of its own.</summary>
/// <remarks>What the first layer reads becomes inputs; branches that do not pass through it keep the model's own inputs.</remarks>
internal static class SubModel
{
    private const string KerasTensor = "__keras_tensor__";

    /// <summary>Cuts a model.</summary>
    /// <param name="model">The model.</param>
    /// <param name="from">The first layer; null for the model's inputs.</param>
    /// <param name="to">The last layer; null for the model's outputs.</param>
    /// <exception cref="ArgumentException">There is no such layer, or no way from one to the other.</exception>
    /// <exception cref="UnsupportedModelException">A tensor that would become an input carries a mask, or a layer is called several times.</exception>
    public static KerasModel Extract(KerasModel model, string? from, string? to)
    {
        Layer[] layers = [.. model.Layers];
        foreach (string name in new[] { from, to }.OfType<string>().Where(n => layers.All(l => l.Name != n)))
        {
            throw new ArgumentException($"The model has no layer \"{name}\"; its layers are {string.Join(", ", layers.Select(l => l.Name))}.");
        }

        JObject root = (JObject)model.Canonical.Root.DeepClone();
        if ((string?)root["class_name"] == "Sequential")
        {
            CutSequence(model, (JObject)root["config"]!, from, to);
        }
        else
        {
            CutGraph(model, (JObject)root["config"]!, from, to);
        }

        root.Remove("build_config");
        using var file = new KerasFile { Name = model.Name, Kind = ContainerKind.Safetensors, Config = root, IsCanonical = true, KerasVersion = model.KerasVersion };
        KerasModel part = KerasModel.LoadArchitecture(file);
        foreach (Layer layer in part.Layers.Where(l => l.Weights.Any()))
        {
            part.SetWeights(layer.Name, [.. model.Layers[layer.Name].Weights.Select(w => w.Value)]);
        }

        return part;
    }

    private static void CutSequence(KerasModel model, JObject config, string? from, string? to)
    {
        JObject[] layers = [.. ((JArray)config["layers"]!).Cast<JObject>()];
        JObject[] computing = [.. layers.Where(l => (string?)l["class_name"] != "InputLayer")];
        int first = from is null ? 0 : Array.FindIndex(computing, l => (string?)l["name"] == from), last = to is null ? computing.Length - 1 : Array.FindIndex(computing, l => (string?)l["name"] == to);
        if (first < 0 || first > last)
        {
            throw new ArgumentException($"There is no way from \"{from}\" to \"{to}\".");
        }

        JObject? input = first == 0 ? layers.FirstOrDefault(l => (string?)l["class_name"] == "InputLayer") : Input(model, (string)computing[first - 1]["name"]!, 0, 0, $"{computing[first]["name"]}_input");
        config["layers"] = new JArray(computing[first..(last + 1)].Prepend(input).OfType<JObject>());
    }

    private static void CutGraph(KerasModel model, JObject config, string? from, string? to)
    {
        var layers = ((JArray)config["layers"]!).Cast<JObject>().ToDictionary(l => (string)l["name"]!);
        var inputs = new List<JObject>();
        var needed = new HashSet<string>(StringComparer.Ordinal);
        if (to is not null)
        {
            config["output_layers"] = new JArray(to, 0, 0);
        }

        var open = new Stack<string>(Ends(config["output_layers"]!));
        while (open.TryPop(out string? name))
        {
            if (!needed.Add(name))
            {
                continue;
            }

            JObject layer = layers[name];
            JObject[] histories = [.. layer["inbound_nodes"]?.SelectTokens("$..*").OfType<JObject>().Where(o => (string?)o["class_name"] == KerasTensor) ?? []];
            if (layer["inbound_nodes"] is JArray { Count: > 1 })
            {
                throw new UnsupportedModelException($"layer \"{name}\"", "several calls", "one call of each layer between the two");
            }

            foreach (JObject tensor in histories)
            {
                var history = (JArray)tensor["config"]!["keras_history"]!;
                if (name == from)
                {
                    JObject input = Input(model, (string)history[0]!, (int)history[1]!, (int)history[2]!, $"{from}_input{(inputs.Count == 0 ? string.Empty : $"_{inputs.Count}")}");
                    inputs.Add(input);
                    tensor["config"]!["keras_history"] = new JArray((string)input["name"]!, 0, 0);
                }
                else
                {
                    open.Push((string)history[0]!);
                }
            }
        }

        if (from is not null && !needed.Contains(from))
        {
            throw new ArgumentException($"There is no way from \"{from}\" to \"{to}\".");
        }

        JObject[] kept = [.. inputs, .. layers.Values.Where(l => needed.Contains((string)l["name"]!))];
        config["layers"] = new JArray(kept);
        config["input_layers"] = new JArray(kept.Where(l => (string?)l["class_name"] == "InputLayer").Select(l => new JArray((string)l["name"]!, 0, 0)));
    }

    /// <summary>The layers that outputs name: leaves [layer, node, tensor] in lists and objects.</summary>
    private static IEnumerable<string> Ends(JToken structure) => structure switch
    {
        JArray { Count: 3 } leaf when leaf[0].Type == JTokenType.String => [(string)leaf[0]!],
        _ => structure.Children().Select(c => c is JProperty property ? property.Value : c).SelectMany(Ends),
    };

    private static JObject Input(KerasModel model, string layer, int node, int output, string name)
    {
        KerasTensor value = model.Network.Trace.FirstOrDefault(t => t.Layer.Name == layer && t.Node == node && t.Output == output)?.Tensor
            ?? InputOf(model, layer) ?? throw new ArgumentException($"Layer \"{layer}\" has no output {output} of call {node}.");
        if (value.Mask is not null)
        {
            throw new UnsupportedModelException($"layer \"{layer}\"", "an output with a mask", "one without", "cut before the layer that makes the mask");
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
                ["ragged"] = false,
                ["optional"] = false,
            },
            ["inbound_nodes"] = new JArray(),
        };
    }

    private static KerasTensor? InputOf(KerasModel model, string layer) =>
        model.Graph.Inputs.FirstOrDefault(i => i.Name == layer) is { } input ? new KerasTensor(input, null) : null;
}
