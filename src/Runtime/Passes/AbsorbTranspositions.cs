namespace KerasCompat.Runtime;

/// <summary>Lets products read and write axes in the order they lie in memory, where a Transpose stands before or after: the heads of attention.</summary>
internal sealed class AbsorbTranspositions : GraphRule
{
    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        // Other types have no kernel that walks strides well.
        if (node.Outputs[0].DType != DType.Float32)
        {
            return null;
        }

        if (node.Op is Transpose transpose)
        {
            return graph.OnlyFor(inputs[0]) is { Op: MatMul or FusedMatMul { PermOutput: null } } product && IsRunTime(product, graph) && transpose.Perm[^1] == transpose.Perm.Count - 1
                ? [graph.Builder.Apply((product.Op as FusedMatMul ?? new FusedMatMul()) with { PermOutput = transpose.Perm }, product.Inputs)]
                : null;
        }

        if (node.Op is not MatMul || !IsRunTime(node, graph))
        {
            return null;
        }

        // The columns of the left operand must lie side by side; the right one may lie in any order.
        Transpose? left = inputs[0]!.Producer?.Op as Transpose, right = inputs[1]!.Producer?.Op as Transpose;
        left = left is not null && left.Perm[^1] == left.Perm.Count - 1 ? left : null;
        return left is null && right is null ? null :
        [
            graph.Builder.Apply(
                new FusedMatMul { PermA = left?.Perm, PermB = right?.Perm },
                left is null ? inputs[0] : inputs[0]!.Producer!.Inputs[0],
                right is null ? inputs[1] : inputs[1]!.Producer!.Inputs[0]),
        ];
    }

    /// <summary>Products with weights are better served by a packed matrix and rows in order.</summary>
    private static bool IsRunTime(Node product, GraphRewriter graph) => product.Inputs.Count == 2 && !product.Inputs.Any(graph.IsStored);
}
