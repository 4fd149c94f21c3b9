using KerasCompat.Protobuf;

namespace KerasCompat.Containers;

/// <summary>What is wanted of a <c>saved_model.pb</c>: who wrote it, and the objects that were saved. Its graphs are passed over.</summary>
/// <param name="TensorFlowVersion">The version of TensorFlow that wrote it; null where it does not say.</param>
/// <param name="Objects">The objects by number, the model first; none up to TensorFlow 1.</param>
/// <param name="Captured">The objects that a graph takes beside its arguments, by the graph's name.</param>
/// <remarks>TensorFlow, <c>core/protobuf/saved_model.proto</c>, <c>meta_graph.proto</c> and <c>saved_object_graph.proto</c>.</remarks>
internal sealed record SavedModelFile(string? TensorFlowVersion, IReadOnlyList<SavedObject> Objects, IReadOnlyDictionary<string, IReadOnlyList<int>> Captured)
{
    /// <summary>The file's name in its folder.</summary>
    public const string Name = "saved_model.pb";

    /// <summary>What it is one of, for messages.</summary>
    public const string What = "a SavedModel";

    private const int MetaGraphField = 2, InfoField = 1, VersionField = 5, ObjectsField = 7, NodesField = 1, FunctionsField = 2, KeyField = 1, ValueField = 2, CapturedField = 2;

    /// <summary>A file in which nothing is said.</summary>
    public static SavedModelFile Empty { get; } = new(null, [], new Dictionary<string, IReadOnlyList<int>>());

    /// <exception cref="ModelFormatException">It is no SavedModel, or a damaged one.</exception>
    /// <exception cref="ResourceLimitException">It has more objects than the limits allow.</exception>
    public static SavedModelFile Read(Stream stream, string place, ReadLimits limits)
    {
        SavedModelFile read = Empty;
        bool found = false;
        var proto = new ProtoReader(stream, stream.Length, place, What);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            // TensorFlow, too, takes the first where there are several.
            if (field == MetaGraphField && !found)
            {
                found = true;
                read = MetaGraph(proto.Message(), place, limits);
            }
        }

        return found ? read : throw new ModelFormatException(place, "no graph", What, "copy or download the file again");
    }

    private static SavedModelFile MetaGraph(ProtoReader proto, string place, ReadLimits limits)
    {
        SavedModelFile read = Empty;
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            read = field switch
            {
                InfoField => read with { TensorFlowVersion = Version(proto.Message()) },
                ObjectsField => read.WithObjects(proto.Bytes(limits.MaxMetadataBytes), place, limits),
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

    private SavedModelFile WithObjects(byte[] message, string place, ReadLimits limits)
    {
        var nodes = new List<SavedObject>();
        var captured = new Dictionary<string, IReadOnlyList<int>>(StringComparer.Ordinal);
        long objects = 0;
        ProtoReader proto = ProtoReader.Of(message, place, What);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            limits.CancellationToken.ThrowIfCancellationRequested();
            if (field == NodesField)
            {
                nodes.Add(SavedObject.Read(proto.Message()));
                objects += 1 + nodes[^1].Children.Count + nodes[^1].Functions.Count;
            }
            else if (field == FunctionsField)
            {
                (string name, List<int> taken) = Function(proto.Message());
                captured[name] = taken;
                objects += 1 + taken.Count;
            }

            if (objects > limits.MaxObjects)
            {
                throw new ResourceLimitException(place, $"more than {limits.MaxObjects} objects and references", $"at most {limits.MaxObjects}");
            }
        }

        ObjectReference.Check(nodes.SelectMany(node => node.Children), nodes.Count, place);
        return this with { Objects = nodes, Captured = captured };
    }

    private static (string Name, List<int> Captured) Function(ProtoReader entry)
    {
        string name = string.Empty;
        var captured = new List<int>();
        for (int field = entry.NextField(); field != 0; field = entry.NextField())
        {
            if (field == KeyField)
            {
                name = entry.Text();
            }
            else if (field == ValueField)
            {
                ProtoReader function = entry.Message();
                for (int part = function.NextField(); part != 0; part = function.NextField())
                {
                    if (part == CapturedField)
                    {
                        captured.AddRange(function.Integers().Select(node => (int)node));
                    }
                }
            }
        }

        return (name, captured);
    }
}
