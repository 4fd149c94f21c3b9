namespace KerasCompat.Text;

/// <summary>An instance of Keras's Tokenizer while its pickle is read: the attributes come after the object.</summary>
internal sealed class PickledInstance
{
    public OrderedDictionary<object, object?>? Attributes { get; set; }
}

/// <summary>What stands for a refused name, and for whatever would have been made with it.</summary>
internal sealed class RefusedValue
{
    public static RefusedValue Instance { get; } = new();
}
