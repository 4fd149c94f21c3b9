using System.Globalization;
using KerasCompat.Dialects;
using KerasCompat.Runtime;

namespace KerasCompat.Containers;

/// <summary>The weights of a SavedModel, layer by layer: what a layer holds is told by the objects of <c>saved_model.pb</c>, where its numbers lie by those of the checkpoint.</summary>
internal sealed class SavedModelWeights
{
    /// <summary>The attributes under which a model holds its layers, followed by their places.</summary>
    private const string LayerAttribute = "layer-";

    private const string ValueSuffix = "/.ATTRIBUTES/" + CheckpointNode.VariableValue;

    private readonly IReadOnlyList<SavedObject> _objects;
    private readonly TensorBundle _bundle;
    private readonly CheckpointGraph _checkpoint;
    private readonly int?[] _stored;
    private readonly Dictionary<int, StoredArray> _arrays = [];

    private SavedModelWeights(IReadOnlyList<SavedObject> objects, TensorBundle bundle, CheckpointGraph checkpoint)
    {
        (_objects, _bundle, _checkpoint) = (objects, bundle, checkpoint);
        _stored = Stored();
    }

    /// <summary>The layers' weights as a file by layer lists them.</summary>
    /// <exception cref="ModelFormatException">A variable is missing or damaged.</exception>
    /// <exception cref="UnsupportedModelException">A variable is of a kind that cannot be read.</exception>
    public static LayerWeights Read(IReadOnlyList<SavedObject> objects, KerasMetadata metadata, TensorBundle bundle, string? kerasVersion, ReadLimits limits)
    {
        var weights = new SavedModelWeights(objects, bundle, CheckpointGraph.Read(bundle, limits));
        var variables = new LayerVariables(objects, metadata, bundle.Place, limits);
        var layers = new List<StoredLayer>();
        foreach (int node in LayersOf(objects[0]))
        {
            if (metadata.Of(node)?.Text("name") is { } name)
            {
                layers.Add(new StoredLayer(name, [.. variables.Of(node).Select(weights.Array)]));
            }
        }

        return new LayerWeights { Layers = layers, KerasVersion = kerasVersion, Backend = "tensorflow", Pairing = LayerPairing.ByLayerName };
    }

    /// <summary>A model's layers, in its order.</summary>
    public static IEnumerable<int> LayersOf(SavedObject model) => model.Children
        .Where(child => child.Name.StartsWith(LayerAttribute, StringComparison.Ordinal))
        .Select(child => (child.Node, Place: int.TryParse(child.Name.AsSpan(LayerAttribute.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int place) ? place : -1))
        .Where(child => child.Place >= 0)
        .OrderBy(child => child.Place)
        .Select(child => child.Node)
        .Distinct();

    /// <summary>The number in the checkpoint of each object, told by the way of attributes that leads to it from the model.</summary>
    private int?[] Stored()
    {
        var stored = new int?[_objects.Count];
        if (_objects.Count == 0 || _checkpoint.Nodes.Count == 0)
        {
            return stored;
        }

        stored[0] = 0;
        var open = new Queue<int>([0]);
        while (open.TryDequeue(out int node))
        {
            var children = new Dictionary<string, int>(StringComparer.Ordinal);
            foreach (ObjectReference child in _checkpoint.Nodes[stored[node]!.Value].Children)
            {
                children.TryAdd(child.Name, child.Node);
            }

            foreach (ObjectReference child in _objects[node].Children)
            {
                if (stored[child.Node] is null && children.TryGetValue(child.Name, out int there))
                {
                    stored[child.Node] = there;
                    open.Enqueue(child.Node);
                }
            }
        }

        return stored;
    }

    private StoredArray Array(int node)
    {
        if (!_arrays.TryGetValue(node, out StoredArray? array))
        {
            _arrays.Add(node, array = Described(node));
        }

        return array;
    }

    private StoredArray Described(int node)
    {
        SavedVariable variable = _objects[node].Variable
            ?? throw new UnsupportedModelException($"{_bundle.Place}: object {node}", "a weight that is no plain variable", "variables", "load the model in Python and save it with model.save(\"model.keras\")");
        string place = $"{_bundle.Place}: variable {variable.Name}";
        if (_stored[node] is not { } there || !_checkpoint.Nodes[there].Keys.TryGetValue(CheckpointNode.VariableValue, out string? key))
        {
            throw new ModelFormatException(place, "no tensor for it", "the value of each variable of a layer", "the files under variables/ belong to another model");
        }

        string path = $"/{(key.EndsWith(ValueSuffix, StringComparison.Ordinal) ? key[..^ValueSuffix.Length] : key)}";
        StoredArray array = _bundle.Describe(key, path, $"{variable.Name}:0");
        bool fits = array.DType == TensorFlowTypes.Of(variable.Type, place) && (variable.Dimensions is null
            || (variable.Dimensions.Count == array.Shape.Rank && variable.Dimensions.Zip(array.Shape).All(pair => pair.First < 0 || pair.First == pair.Second)));
        return fits ? array : throw new ModelFormatException(
            place, $"{array.DType.Name()} {array.Shape}", $"{TensorFlowTypes.Of(variable.Type, place).Name()} ({string.Join(", ", variable.Dimensions ?? [])}), as saved_model.pb has it", "the files under variables/ belong to another model");
    }
}
