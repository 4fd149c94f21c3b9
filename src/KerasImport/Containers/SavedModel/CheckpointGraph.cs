using KerasCompat.Protobuf;

namespace KerasCompat.Containers;

/// <summary>The objects whose state a checkpoint holds, by the attributes that hold them. The checkpoint carries this graph itself.</summary>
/// <remarks>TensorFlow, <c>core/protobuf/trackable_object_graph.proto</c>.</remarks>
internal sealed class CheckpointGraph
{
    /// <summary>The key of the text in which the graph lies.</summary>
    private const string Key = "_CHECKPOINTABLE_OBJECT_GRAPH";

    private const int NodesField = 1;

    private CheckpointGraph(IReadOnlyList<CheckpointNode> nodes) => Nodes = nodes;

    /// <summary>The objects by number; the model is number 0.</summary>
    public IReadOnlyList<CheckpointNode> Nodes { get; }

    /// <exception cref="ModelFormatException">The checkpoint holds no graph, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more objects than the limits allow.</exception>
    public static CheckpointGraph Read(TensorBundle bundle, ReadLimits limits)
    {
        string place = $"{bundle.Place}: {Key}";
        if (bundle.ReadTexts(Key) is not [var message])
        {
            throw new ModelFormatException(place, "a tensor that is no single text", "the objects of the checkpoint");
        }

        var nodes = new List<CheckpointNode>();
        long objects = 0;
        ProtoReader proto = ProtoReader.Of(message, place, "the objects of a checkpoint");
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            if (field == NodesField)
            {
                limits.CancellationToken.ThrowIfCancellationRequested();
                var node = CheckpointNode.Read(proto.Message());
                nodes.Add(node);
                objects += 1 + node.Children.Count + node.Keys.Count;
                if (objects > limits.MaxObjects)
                {
                    throw new ResourceLimitException(place, $"more than {limits.MaxObjects} objects and references", $"at most {limits.MaxObjects}");
                }
            }
        }

        ObjectReference.Check(nodes.SelectMany(node => node.Children), nodes.Count, place);
        return new CheckpointGraph(nodes);
    }
}

/// <summary>An object whose state a checkpoint holds.</summary>
/// <param name="Children">What it holds.</param>
/// <param name="Keys">The keys of the tensors of its state, by what they are: a variable has one, <c>VARIABLE_VALUE</c>.</param>
internal sealed record CheckpointNode(IReadOnlyList<ObjectReference> Children, IReadOnlyDictionary<string, string> Keys)
{
    /// <summary>What the state of a variable is called.</summary>
    public const string VariableValue = "VARIABLE_VALUE";

    private const int ChildrenField = 1, AttributesField = 2, NameField = 1, KeyField = 3;

    /// <exception cref="ModelFormatException">It is no object.</exception>
    public static CheckpointNode Read(ProtoReader proto)
    {
        var children = new List<ObjectReference>();
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            if (field == ChildrenField)
            {
                children.Add(ObjectReference.Read(proto.Message()));
            }
            else if (field == AttributesField)
            {
                (string name, string key) = Attribute(proto.Message());
                keys[name] = key;
            }
        }

        return new CheckpointNode(children, keys);
    }

    private static (string Name, string Key) Attribute(ProtoReader proto)
    {
        (string name, string key) = (string.Empty, string.Empty);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            (name, key) = field switch
            {
                NameField => (proto.Text(), key),
                KeyField => (name, proto.Text()),
                _ => (name, key),
            };
        }

        return (name, key);
    }
}
