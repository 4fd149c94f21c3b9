using KerasCompat.Protobuf;

namespace KerasCompat.Containers;

/// <summary>An object that another holds, and the attribute that holds it.</summary>
/// <param name="Node">The object's number.</param>
/// <param name="Name">The attribute.</param>
internal readonly record struct ObjectReference(int Node, string Name)
{
    private const int NodeField = 1, NameField = 2;

    /// <exception cref="ModelFormatException">It is no reference.</exception>
    public static ObjectReference Read(ProtoReader proto)
    {
        var reference = new ObjectReference(0, string.Empty);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            reference = field switch
            {
                NodeField => reference with { Node = (int)proto.Integer() },
                NameField => reference with { Name = proto.Text() },
                _ => reference,
            };
        }

        return reference;
    }

    /// <exception cref="ModelFormatException">A reference leads to no object.</exception>
    public static void Check(IEnumerable<ObjectReference> references, int nodes, string place)
    {
        foreach (ObjectReference reference in references)
        {
            if (reference.Node < 0 || reference.Node >= nodes)
            {
                throw new ModelFormatException(place, $"a reference \"{reference.Name}\" to object {reference.Node} of {nodes}", "objects of the file", "copy or download the file again");
            }
        }
    }
}
