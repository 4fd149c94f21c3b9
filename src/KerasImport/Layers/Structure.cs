using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers;

/// <summary>What a layer is called with or returns: a tensor, a constant, or lists and dictionaries of such.</summary>
public abstract record Structure
{
    private Structure()
    {
    }

    /// <summary>The tensors, depth first; dictionaries in the order of their sorted keys, as Keras's <c>tree.flatten</c> does.</summary>
    public IEnumerable<KerasTensor> Tensors() => this switch
    {
        Leaf leaf => [leaf.Tensor],
        Sequence sequence => sequence.Items.SelectMany(i => i.Tensors()),
        Mapping mapping => mapping.Items.OrderBy(i => i.Key, StringComparer.Ordinal).SelectMany(i => i.Value.Tensors()),
        _ => [],
    };

    /// <summary>True for Python's None.</summary>
    public bool IsNull => this is Constant { Token.Type: JTokenType.Null };

    /// <summary>A copy whose tensors are changed.</summary>
    public Structure Map(Func<KerasTensor, KerasTensor> change) => this switch
    {
        Leaf leaf => new Leaf(change(leaf.Tensor)),
        Sequence sequence => new Sequence([.. sequence.Items.Select(i => i.Map(change))]),
        Mapping mapping => new Mapping([.. mapping.Items.Select(i => KeyValuePair.Create(i.Key, i.Value.Map(change)))]),
        _ => this,
    };

    /// <summary>A single tensor.</summary>
    public static implicit operator Structure(KerasTensor tensor) => new Leaf(tensor);

    /// <summary>A list of tensors.</summary>
    public static Structure Of(IEnumerable<KerasTensor> tensors) => new Sequence([.. tensors.Select(t => new Leaf(t))]);

    /// <summary>A tensor.</summary>
    public sealed record Leaf(KerasTensor Tensor) : Structure;

    /// <summary>A Python list or tuple.</summary>
    public sealed record Sequence(IReadOnlyList<Structure> Items) : Structure;

    /// <summary>A Python dictionary, in its author's order.</summary>
    public sealed record Mapping(IReadOnlyList<KeyValuePair<string, Structure>> Items) : Structure;

    /// <summary>A constant as JSON; None is JSON's null.</summary>
    public sealed record Constant(JToken Token) : Structure;
}

/// <summary>The arguments of one call of a layer.</summary>
/// <param name="Positional">Arguments by position.</param>
/// <param name="Named">Arguments by name.</param>
public sealed record CallArguments(IReadOnlyList<Structure> Positional, IReadOnlyDictionary<string, Structure> Named)
{
    private static readonly Dictionary<string, Structure> NoNames = [];

    /// <summary>A call with positional arguments only.</summary>
    public static CallArguments Of(params IReadOnlyList<Structure> positional) => new(positional, NoNames);

    /// <summary>The arguments with their tensors changed.</summary>
    public CallArguments Map(Func<KerasTensor, KerasTensor> change) =>
        new([.. Positional.Select(p => p.Map(change))], Named.ToDictionary(n => n.Key, n => n.Value.Map(change)));
}
