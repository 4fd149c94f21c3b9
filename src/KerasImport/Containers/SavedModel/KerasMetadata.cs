using KerasCompat.Protobuf;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>What tf.keras says about the layers of a SavedModel: a JSON text each, in a file of its own from TensorFlow 2.5 on, in <c>saved_model.pb</c> before.</summary>
/// <remarks>tf_keras, <c>protobuf/saved_metadata.proto</c> and <c>saving/legacy/saved_model/load.py</c>.</remarks>
internal sealed class KerasMetadata
{
    /// <summary>The file's name in its folder.</summary>
    public const string FileName = "keras_metadata.pb";

    private const string Layers = "_tf_keras_";
    private const string Metric = "_tf_keras_metric";
    private const int NodesField = 1, NodeField = 2, PathField = 3, IdentifierField = 4, MetadataField = 5;

    private readonly Dictionary<int, Entry> _entries = [];
    private readonly Dictionary<int, JObject> _read = [];
    private readonly ReadLimits _limits;
    private readonly string _place;
    private long _length;

    private KerasMetadata(string place, ReadLimits limits) => (_place, _limits) = (place, limits);

    /// <summary>Whether an object is a layer (or a model), as far as its kind tells.</summary>
    public static bool IsLayer(string? identifier) => identifier is not null && identifier.StartsWith(Layers, StringComparison.Ordinal) && identifier != Metric;

    /// <summary>Reads the file of TensorFlow 2.5 and later.</summary>
    /// <exception cref="ModelFormatException">It is damaged.</exception>
    public static KerasMetadata OfFile(byte[] file, string place, ReadLimits limits)
    {
        var metadata = new KerasMetadata(place, limits);
        ProtoReader proto = ProtoReader.Of(file, place, "Keras's metadata");
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            if (field == NodesField)
            {
                limits.CancellationToken.ThrowIfCancellationRequested();
                metadata.Add(proto.Message());
            }
        }

        return metadata;
    }

    /// <summary>Takes what the objects of TensorFlow 2.0 to 2.4 say themselves.</summary>
    public static KerasMetadata OfObjects(IReadOnlyList<SavedObject> objects, string place, ReadLimits limits)
    {
        var metadata = new KerasMetadata(place, limits);
        for (int i = 0; i < objects.Count; i++)
        {
            if (IsLayer(objects[i].Identifier) && objects[i].Metadata.Length > 0)
            {
                metadata._entries[i] = new Entry(objects[i].Identifier!, objects[i].Metadata, null);
            }
        }

        return metadata;
    }

    /// <summary>Whether an object is a layer or a model that says something about itself.</summary>
    public bool Has(int node) => _entries.ContainsKey(node);

    /// <summary>The kind of an object that says something about itself.</summary>
    public string Identifier(int node) => _entries[node].Identifier;

    /// <summary>What an object says about itself; null where it says nothing.</summary>
    /// <exception cref="ModelFormatException">It is no JSON object.</exception>
    /// <exception cref="ResourceLimitException">All texts together are longer than the limits allow.</exception>
    public JObject? Of(int node)
    {
        if (_read.TryGetValue(node, out JObject? read) || !_entries.TryGetValue(node, out Entry? entry))
        {
            return read;
        }

        string place = $"{_place}: {entry.Path ?? $"object {node}"}";
        _length += entry.Text.Length;
        JsonText.CheckLength(_length, place, _limits);
        read = JsonText.AsObject(JsonText.Parse(entry.Text, place, _limits), place);
        _read.Add(node, read);
        return read;
    }

    private void Add(ProtoReader proto)
    {
        (int node, var entry) = (0, new Entry(string.Empty, string.Empty, null));
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            switch (field)
            {
                case NodeField:
                    node = (int)proto.Integer();
                    break;
                case PathField:
                    entry = entry with { Path = proto.Text() };
                    break;
                case IdentifierField:
                    entry = entry with { Identifier = proto.Text() };
                    break;
                case MetadataField:
                    entry = entry with { Text = proto.Text() };
                    break;
            }
        }

        if (IsLayer(entry.Identifier) && !_entries.TryAdd(node, entry))
        {
            throw new ModelFormatException(_place, $"object {node} twice", "each object once", "copy or download the file again");
        }
    }

    private sealed record Entry(string Identifier, string Text, string? Path);
}
