using System.Buffers.Binary;
using System.Text;
using KerasCompat.Protobuf;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Containers;

/// <summary>Constants of a SavedModel's graph: lists of texts or of 64-bit integers.</summary>
/// <remarks>TensorFlow, <c>core/framework/graph.proto</c>, <c>node_def.proto</c>, <c>attr_value.proto</c> and <c>tensor.proto</c>.</remarks>
internal static class GraphConstants
{
    private const int MetaGraphField = 2, GraphField = 2, NodeField = 1;
    private const int NameField = 1, AttributesField = 5, KeyField = 1, ValueField = 2, TensorField = 8;
    private const int TypeField = 1, ShapeField = 2, ContentField = 4, TextField = 8, IntegerField = 10;
    private const int TextType = 7, IntegerType = 9;

    /// <summary>The constants of these names; those of other forms are left out.</summary>
    /// <exception cref="ModelFormatException">The file is damaged.</exception>
    /// <exception cref="ResourceLimitException">A constant is larger than the limits allow.</exception>
    public static IReadOnlyDictionary<string, JArray> Read(Stream stream, HashSet<string> names, string place, ReadLimits limits)
    {
        var found = new Dictionary<string, JArray>(StringComparer.Ordinal);
        var file = new ProtoReader(stream, stream.Length, place, SavedModelFile.What);
        while (file.NextField() is var field and not 0)
        {
            if (field != MetaGraphField)
            {
                continue;
            }

            ProtoReader meta = file.Message();
            while (meta.NextField() is var part and not 0)
            {
                if (part == GraphField)
                {
                    Graph(meta.Message(), names, found, place, limits);
                }
            }

            break; // as with the objects, the first graph counts
        }

        return found;
    }

    private static void Graph(ProtoReader graph, HashSet<string> names, Dictionary<string, JArray> found, string place, ReadLimits limits)
    {
        long bytes = 0;
        while (graph.NextField() is var field and not 0)
        {
            limits.CancellationToken.ThrowIfCancellationRequested();
            if (field == NodeField && Node(graph.Message(), names, ref bytes, place, limits) is { } constant)
            {
                found.TryAdd(constant.Name, constant.Values);
            }
        }
    }

    private static (string Name, JArray Values)? Node(ProtoReader node, HashSet<string> names, ref long bytes, string place, ReadLimits limits)
    {
        string name = string.Empty;
        JArray? values = null;
        while (node.NextField() is var field and not 0)
        {
            if (field == NameField)
            {
                name = node.Text();
            }
            else if (field == AttributesField && names.Contains(name))
            {
                bytes += node.Length;
                JsonText.CheckLength(bytes, $"{place}: {name}", limits);
                values = Attribute(node.Message(), limits) ?? values;
            }
        }

        return values is null ? null : (name, values);
    }

    private static JArray? Attribute(ProtoReader attribute, ReadLimits limits)
    {
        JArray? values = null;
        string key = string.Empty;
        while (attribute.NextField() is var field and not 0)
        {
            if (field == KeyField)
            {
                key = attribute.Text();
            }
            else if (field == ValueField && key == "value")
            {
                ProtoReader value = attribute.Message();
                while (value.NextField() is var part and not 0)
                {
                    values = part == TensorField ? Tensor(value.Message(), limits) : values;
                }
            }
        }

        return values;
    }

    private static JArray? Tensor(ProtoReader tensor, ReadLimits limits)
    {
        long type = 0;
        IReadOnlyList<long>? shape = null;
        var values = new JArray();
        while (tensor.NextField() is var field and not 0)
        {
            if (values.Count > limits.MaxObjects)
            {
                return null;
            }

            switch (field)
            {
                case TypeField:
                    type = tensor.Integer();
                    break;
                case ShapeField:
                    shape = TensorShape.Read(tensor.Message());
                    break;
                case TextField:
                    values.Add(Encoding.UTF8.GetString(tensor.Bytes()));
                    break;
                case IntegerField:
                    foreach (long value in tensor.Integers().Take(limits.MaxObjects))
                    {
                        values.Add(value);
                    }

                    break;
                case ContentField:
                    byte[] content = tensor.Bytes();
                    for (int at = 0; at + sizeof(long) <= content.Length && values.Count <= limits.MaxObjects; at += sizeof(long))
                    {
                        values.Add(BinaryPrimitives.ReadInt64LittleEndian(content.AsSpan(at)));
                    }

                    break;
            }
        }

        return type is TextType or IntegerType && shape is [var count] && count <= limits.MaxObjects && values.Count == count ? values : null;
    }
}
