using KerasCompat.Dialects;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>The architecture in what tf.keras says about a model of a SavedModel.</summary>
/// <remarks>tf_keras, <c>saving/legacy/saved_model/model_serialization.py</c> and <c>json_utils.py</c>.</remarks>
internal sealed class SavedModelConfig
{
    /// <summary>What the config is of a class that has no <c>get_config()</c>.</summary>
    private const string NoConfig = "layer was saved without config";

    private const string Sequential = "Sequential", Functional = "Functional", SequentialKind = "_tf_keras_sequential";

    private static readonly string[] ModelKinds = [SequentialKind, "_tf_keras_network", "_tf_keras_model"];

    /// <summary>Objects that JSON has no form for, by <c>class_name</c>, with the key of the list they are in every other file of Keras.</summary>
    private static readonly Dictionary<string, string> Lists = new(StringComparer.Ordinal) { ["__tuple__"] = "items", ["TensorShape"] = "items" };

    private readonly IReadOnlyList<SavedObject> _objects;
    private readonly SavedVocabularies _vocabularies;
    private readonly KerasMetadata _metadata;
    private readonly string _place;
    private readonly ReadLimits _limits;
    private long _steps;

    private SavedModelConfig(SavedModelFile file, KerasMetadata metadata, string place, ReadLimits limits) =>
        (_objects, _vocabularies, _metadata, _place, _limits) = (file.Objects, new SavedVocabularies(file), metadata, place, limits);

    /// <summary>The architecture of the model at the root.</summary>
    /// <param name="file">The objects, the model first.</param>
    /// <param name="metadata">What is said of them.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="limits">What a text may take, and how deep models may nest.</param>
    /// <exception cref="UnsupportedModelException">It says nothing of how the model is built: the class is the author's own.</exception>
    public static ArchitectureConfig Read(SavedModelFile file, KerasMetadata metadata, ArchiveFolder folder, ReadLimits limits)
    {
        JObject root = metadata.Of(0)!;
        if (root["config"] is not JObject said || said.ContainsKey(NoConfig) || (ModelKinds.Contains(metadata.Identifier(0)) && root.Flag("is_graph_network") == false && !said.ContainsKey("layers")))
        {
            throw new UnsupportedModelException(
                folder.Name,
                $"a model of the author's own class, {root.Text("class_name") ?? "without name"}: what it says of itself does not list its layers",
                "a Sequential or a functional model",
                "rebuild it in Python as a functional model over the same layers, and save that with model.save(\"model.keras\")");
        }

        var model = new JObject { ["class_name"] = root["class_name"]?.DeepClone(), ["config"] = Decoded(said) };
        if (file.Objects.Count > 0)
        {
            var config = new SavedModelConfig(file, metadata, folder.Name, limits);
            config.Complete(model, 0);
            config._vocabularies.Fill(folder, limits);
        }

        foreach (string key in new[] { "keras_version", "backend", "training_config" })
        {
            model[key] = root[key] is { } value ? Decoded(value) : null;
        }

        return ArchitectureConfig.From(model, folder.Name, limits);
    }

    /// <summary>
    /// Adds to a config what only the objects say. A model of layers is one, whatever the author called its class: then Keras, too, makes a
    /// Sequential or a functional model of it. Layers are built for the shapes they were built for, which the inputs may leave open. And what lookup
    /// layers learnt is in their tables.
    /// </summary>
    /// <remarks>It goes no deeper than the config does, which is JSON.</remarks>
    private void Complete(JObject layer, int node)
    {
        if (_metadata.Of(node) is not { } said)
        {
            return;
        }

        _vocabularies.Note(layer, node);

        if (said["build_input_shape"] is { } shape && Decoded(shape) is JArray { Count: > 0 } sizes && sizes.All(size => size.Type is JTokenType.Integer or JTokenType.Null))
        {
            layer["build_config"] = new JObject { ["input_shape"] = sizes };
        }

        if (said.Flag("is_graph_network") != true || (layer["config"] as JObject)?["layers"] is not JArray layers)
        {
            return;
        }

        _steps += _objects[node].Children.Count;
        if (_steps > _limits.MaxObjects)
        {
            throw new ResourceLimitException(_place, $"models that share layers, more than {_limits.MaxObjects} in all", $"at most {_limits.MaxObjects}");
        }

        layer["class_name"] = _metadata.Identifier(node) == SequentialKind ? Sequential : Functional;
        var entries = new Dictionary<string, JObject>(StringComparer.Ordinal);
        foreach (JObject entry in layers.OfType<JObject>())
        {
            if ((entry["config"] as JObject)?.Text("name") is { } name)
            {
                entries.TryAdd(name, entry);
            }
        }

        foreach (int inner in SavedModelWeights.LayersOf(_objects[node]))
        {
            if (_metadata.Of(inner)?.Text("name") is { } name && entries.Remove(name, out JObject? entry))
            {
                Complete(entry, inner);
            }
        }
    }

    private static JToken Decoded(JToken token) => token switch
    {
        JObject value when value.Text("class_name") is { } name && Lists.TryGetValue(name, out string? key) && value.ContainsKey(key) => Decoded(value[key]!),
        JObject value => new JObject(value.Properties().Select(p => new JProperty(p.Name, Decoded(p.Value)))),
        JArray list => new JArray(list.Select(Decoded)),
        _ => token.DeepClone(),
    };
}
