using System.Diagnostics.CodeAnalysis;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>How each operator of the graph is written. What is missing here is refused by name, unless <c>Decompositions</c> has it.</summary>
internal static class OnnxTable
{
    private static readonly Dictionary<Type, Action<NodeExport>> Entries = ((IEnumerable<OnnxEntry>)
    [
        .. ElementwiseExport.Entries,
        .. MovementExport.Entries,
        .. CreationExport.Entries,
        .. IndexingExport.Entries,
        .. ReductionExport.Entries,
        .. ProductExport.Entries,
        .. WindowExport.Entries,
        .. NormalizationExport.Entries,
        .. RecurrentExport.Entries,
        .. ImageExport.Entries,
        .. ControlExport.Entries,
        .. TextExport.Entries,
        .. CountingExport.Entries,
    ]).ToDictionary(e => e.Op, e => e.Write);

    /// <summary>The operators that are written as they are.</summary>
    public static IEnumerable<Type> Operators => Entries.Keys;

    /// <summary>Finds how an operator is written.</summary>
    public static bool TryGet(Op op, [MaybeNullWhen(false)] out Action<NodeExport> write) => Entries.TryGetValue(op.GetType(), out write);
}

/// <summary>How one operator is written.</summary>
/// <param name="Op">The operator's type.</param>
/// <param name="Write">Writes a node of it.</param>
internal sealed record OnnxEntry(Type Op, Action<NodeExport> Write)
{
    /// <summary>An entry whose function sees the operator's attributes.</summary>
    public static OnnxEntry Of<T>(Action<NodeExport, T> write)
        where T : Op => new(typeof(T), n => write(n, (T)n.Node.Op));
}
