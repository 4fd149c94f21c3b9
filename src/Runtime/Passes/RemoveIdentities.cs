namespace KerasCompat.Runtime;

/// <summary>Leaves out what changes nothing: casts to the type at hand, transpositions that undo each other, reshapes that follow reshapes.</summary>
internal sealed class RemoveIdentities : GraphRule
{
    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph) => node.Op switch
    {
        Cast cast when inputs[0]!.DType == cast.To => [inputs[0]!],
        Reshape reshape when inputs[0]!.Shape.Equals(reshape.Shape) => [inputs[0]!],
        Reshape reshape when inputs[0]!.Producer is { Op: Reshape } first => [graph.Builder.Reshape(first.Inputs[0]!, reshape.Shape)],
        Transpose transpose when inputs[0]!.Producer is { Op: Transpose before } first =>
            [graph.Builder.Transpose(first.Inputs[0]!, [.. transpose.Perm.Select(axis => before.Perm[axis])])],
        _ => null,
    };
}
