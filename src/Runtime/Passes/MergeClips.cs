namespace KerasCompat.Runtime;

/// <summary>A Relu under a Clip is a Clip from zero on: Keras's <c>relu6</c> is one node.</summary>
internal sealed class MergeClips : GraphRule
{
    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph) =>
        node.Op is Clip { High: >= 0 } clip && inputs[0]!.Producer is { Op: Relu } relu
            ? [graph.Builder.Apply(clip with { Low = Math.Max(clip.Low, 0) }, relu.Inputs[0])]
            : null;
}
