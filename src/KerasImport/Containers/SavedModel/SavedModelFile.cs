using KerasCompat.Protobuf;

namespace KerasCompat.Containers;

/// <summary>What is wanted of a <c>saved_model.pb</c>: who wrote it, and the objects that were saved. Its graphs are passed over.</summary>
/// <param name="TensorFlowVersion">The version of TensorFlow that wrote it; null where it does not say.</param>
/// <param name="Objects">The objects by number, the model first; none up to TensorFlow 1.</param>
/// <remarks>TensorFlow, <c>core/protobuf/saved_model.proto</c>, <c>meta_graph.proto</c> and <c>saved_object_graph.proto</c>.</remarks>
internal sealed record SavedModelFile(string? TensorFlowVersion, IReadOnlyList<SavedObject> Objects)
{
    /// <summary>The file's name in its folder.</summary>
    public const string Name = "saved_model.pb";

    private const int MetaGraphField = 2, InfoField = 1, VersionField = 5, ObjectsField = 7, NodesField = 1;

    /// <exception cref="ModelFormatException">It is no SavedModel, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more objects than the limits allow.</exception>
    public static SavedModelFile Read(Stream stream, string place, ReadLimits limits)
    {
        var read = new SavedModelFile(null, []);
        bool found = false;
        var proto = new ProtoReader(stream, stream.Length, place, "a SavedModel");
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            // TensorFlow, too, takes the first where there are several.
            if (field == MetaGraphField && !found)
            {
                found = true;
                read = MetaGraph(proto.Message(), place, limits);
            }
        }

        return found ? read : throw new ModelFormatException(place, "no graph", "a SavedModel", "copy or download the file again");
    }

    private static SavedModelFile MetaGraph(ProtoReader proto, string place, ReadLimits limits)
    {
        var read = new SavedModelFile(null, []);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            read = field switch
            {
                InfoField => read with { TensorFlowVersion = Version(proto.Message()) },
                ObjectsField => read with { Objects = Graph(proto.Bytes(limits.MaxMetadataBytes), place, limits) },
                _ => read,
            };
        }

        return read;
    }

    private static string? Version(ProtoReader proto)
    {
        string? version = null;
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            version = field == VersionField ? proto.Text() : version;
        }

        return version;
    }

    private static List<SavedObject> Graph(byte[] message, string place, ReadLimits limits)
    {
        var nodes = new List<SavedObject>();
        long objects = 0;
        ProtoReader proto = ProtoReader.Of(message, place, "a SavedModel");
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            if (field == NodesField)
            {
                limits.CancellationToken.ThrowIfCancellationRequested();
                nodes.Add(SavedObject.Read(proto.Message()));
                objects += 1 + nodes[^1].Children.Count;
                if (objects > limits.MaxObjects)
                {
                    throw new ResourceLimitException(place, $"more than {limits.MaxObjects} objects and references", $"at most {limits.MaxObjects}");
                }
            }
        }

        ObjectReference.Check(nodes.SelectMany(node => node.Children), nodes.Count, place);
        return nodes;
    }
}
