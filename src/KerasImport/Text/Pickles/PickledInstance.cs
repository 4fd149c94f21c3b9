namespace KerasCompat.Text;

/// <summary>An instance of a class while its pickle is read: the attributes come after the object.</summary>
/// <param name="tokenizer">True for Keras's Tokenizer; false where the attributes are what is wanted.</param>
internal sealed class PickledInstance(bool tokenizer)
{
    public bool IsTokenizer => tokenizer;

    public OrderedDictionary<object, object?>? Attributes { get; set; }
}

/// <summary>What stands for a refused name, and for whatever would have been made with it.</summary>
internal sealed class RefusedValue
{
    public static RefusedValue Instance { get; } = new();
}
