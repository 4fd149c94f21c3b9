namespace KerasCompat.Runtime;

/// <summary>Lets a batch normalisation apply the activation that alone reads it, while its result is in registers.</summary>
internal sealed class FuseNormalizationActivations : GraphRule
{
    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph) =>
        node.Op is UnaryOp && node.Outputs[0].DType == DType.Float32
        && KernelActivation.TryGet(node.Op, out _)
        && graph.OnlyFor(inputs[0]) is { Op: BatchNormalization { Activation: null } normalization } normalized
            ? [graph.Builder.Apply(normalization with { Activation = node.Op }, normalized.Inputs)]
            : null;
}
