using KerasCompat.Protobuf;

namespace KerasCompat.Containers;

/// <summary>An object of a SavedModel.</summary>
/// <param name="Children">What it holds.</param>
/// <param name="Identifier">What kind of Python object it was: <c>_tf_keras_layer</c>, <c>trackable_list_wrapper</c>; null of variables, functions and tables.</param>
/// <param name="Metadata">What the object says about itself: of Keras's objects up to TensorFlow 2.4 JSON, later nothing.</param>
/// <param name="Variable">What it is, where it is a variable.</param>
/// <param name="Functions">Where it is a function, the names of the graphs it stands for, one for each kind of arguments.</param>
/// <param name="Constant">Where it is a constant of the graph, its name there.</param>
/// <remarks>TensorFlow, <c>core/protobuf/saved_object_graph.proto</c>.</remarks>
internal sealed record SavedObject(IReadOnlyList<ObjectReference> Children, string? Identifier, string Metadata, SavedVariable? Variable, IReadOnlyList<string> Functions, string? Constant)
{
    private const int ChildrenField = 1, UserField = 4, FunctionField = 6, VariableField = 7, BareFunctionField = 8, ConstantField = 9, IdentifierField = 1, MetadataField = 3;

    /// <summary>The field of a function's, a bare function's and a constant's name.</summary>
    private const int NameField = 1;

    /// <exception cref="ModelFormatException">It is no object.</exception>
    public static SavedObject Read(ProtoReader proto)
    {
        var children = new List<ObjectReference>();
        var read = new SavedObject(children, null, string.Empty, null, [], null);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            switch (field)
            {
                case ChildrenField:
                    children.Add(ObjectReference.Read(proto.Message()));
                    break;
                case UserField:
                    read = read.WithUser(proto.Message());
                    break;
                case VariableField:
                    read = read with { Variable = SavedVariable.Read(proto.Message()) };
                    break;
                case FunctionField or BareFunctionField:
                    read = read with { Functions = Names(proto.Message()) };
                    break;
                case ConstantField:
                    read = read with { Constant = Names(proto.Message()) is [var name] ? name : null };
                    break;
            }
        }

        return read;
    }

    /// <summary>The object under an attribute; null where there is none.</summary>
    public int? Child(string name)
    {
        foreach (ObjectReference reference in Children)
        {
            if (reference.Name == name)
            {
                return reference.Node;
            }
        }

        return null;
    }

    private static List<string> Names(ProtoReader proto)
    {
        var names = new List<string>();
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            if (field == NameField)
            {
                names.Add(proto.Text());
            }
        }

        return names;
    }

    private SavedObject WithUser(ProtoReader proto)
    {
        SavedObject read = this with { Identifier = string.Empty };
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            read = field switch
            {
                IdentifierField => read with { Identifier = proto.Text() },
                MetadataField => read with { Metadata = proto.Text() },
                _ => read,
            };
        }

        return read;
    }
}

/// <summary>A variable of a SavedModel.</summary>
/// <param name="Name">Its name, <c>dense/kernel</c>.</param>
/// <param name="IsTrainable">Whether it is trainable; a frozen layer's variables remain so.</param>
/// <param name="Type">TensorFlow's number of its element type.</param>
/// <param name="Dimensions">Its shape, -1 for sizes that are open; null where all are.</param>
internal sealed record SavedVariable(string Name, bool IsTrainable, int Type, IReadOnlyList<long>? Dimensions)
{
    private const int TypeField = 1, ShapeField = 2, TrainableField = 3, NameField = 6;

    /// <exception cref="ModelFormatException">It is no variable.</exception>
    public static SavedVariable Read(ProtoReader proto)
    {
        var read = new SavedVariable(string.Empty, false, 0, []);
        for (int field = proto.NextField(); field != 0; field = proto.NextField())
        {
            read = field switch
            {
                TypeField => read with { Type = (int)proto.Integer() },
                ShapeField => read with { Dimensions = TensorShape.Read(proto.Message()) },
                TrainableField => read with { IsTrainable = proto.Integer() != 0 },
                NameField => read with { Name = proto.Text() },
                _ => read,
            };
        }

        return read;
    }
}
