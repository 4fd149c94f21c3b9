using KerasCompat.Onnx.Export;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>
/// Operators that ONNX lacks, or lacks for some element types or operator sets, written with others of the graph. An entry may decline, so
/// that the node is written as it is.
/// </summary>
internal static class Decompositions
{
    private static readonly Dictionary<Type, Func<Decomposition, IReadOnlyList<Value>?>> Entries = ((IEnumerable<DecompositionEntry>)
    [
        .. ArithmeticDecompositions.Entries,
        .. FunctionDecompositions.Entries,
        .. ActivationDecompositions.Entries,
        .. MovementDecompositions.Entries,
        .. NormalizationDecompositions.Entries,
        .. WindowDecompositions.Entries,
        .. ImageDecompositions.Entries,
        .. RecurrentDecompositions.Entries,
        .. SpecialDecompositions.Entries,
        .. LinearDecompositions.Entries,
        .. FactorisationDecompositions.Entries,
        .. SpectralDecompositions.Entries,
        .. SequenceDecompositions.Entries,
        .. CoordinateDecompositions.Entries,
    ]).ToDictionary(e => e.Op, e => e.Replace);

    /// <summary>The operators that may be written with others.</summary>
    public static IEnumerable<Type> Operators => Entries.Keys;

    /// <summary>What to write in place of a node's results, or null to write the node.</summary>
    public static IReadOnlyList<Value>? TryReplace(GraphExport graph, Node node)
    {
        using IDisposable scope = graph.Builder.Enter(node.Scope);
        return ElementTypes.TryWiden(graph.Builder, node)
            ?? (Entries.TryGetValue(node.Op.GetType(), out Func<Decomposition, IReadOnlyList<Value>?>? replace) ? replace(new Decomposition(graph, node)) : null);
    }
}

/// <summary>How one operator is written with others.</summary>
/// <param name="Op">The operator's type.</param>
/// <param name="Replace">Gives the results, or null to decline.</param>
internal sealed record DecompositionEntry(Type Op, Func<Decomposition, IReadOnlyList<Value>?> Replace)
{
    /// <summary>An entry for an operator of one result.</summary>
    public static DecompositionEntry Of<T>(Func<Decomposition, T, Value?> replace)
        where T : Op => new(typeof(T), d => replace(d, (T)d.Node.Op) is { } value ? [value] : null);

    /// <summary>An entry for an operator of several results.</summary>
    public static DecompositionEntry OfAll<T>(Func<Decomposition, T, IReadOnlyList<Value>?> replace)
        where T : Op => new(typeof(T), d => replace(d, (T)d.Node.Op));
}

/// <summary>A node that is to be written with other operators.</summary>
internal sealed class Decomposition(GraphExport graph, Node node)
{
    /// <summary>Adds nodes.</summary>
    public GraphBuilder G => graph.Builder;

    /// <summary>The node.</summary>
    public Node Node => node;

    /// <summary>The operator set to be written.</summary>
    public int Opset => graph.Onnx.Opset;

    /// <summary>An input.</summary>
    public Value this[int input] => node.Inputs[input]!;

    /// <summary>The element type of the first result.</summary>
    public DType DType => node.Outputs[0].DType;

    /// <summary>An input, or null where it is absent.</summary>
    public Value? Optional(int input) => node.Inputs.ElementAtOrDefault(input);

    /// <summary>The elements of an input that no call changes.</summary>
    public Tensor? Stored(int input) => graph.Stored(this[input]);

    /// <summary>A scalar of the first result's type.</summary>
    public Value Scalar(double value) => G.Scalar(value, DType);

    /// <summary>Notes that the node cannot be written.</summary>
    public IReadOnlyList<Value>? Refuse(string found, string expected, string? remedy = null)
    {
        graph.Refuse(node, found, expected, remedy);
        return node.Outputs;
    }
}
