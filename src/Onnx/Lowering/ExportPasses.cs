using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Rewritings of a graph before it is written, so that fewer nodes are: shared nodes, biases in products, normalisations in weights.</summary>
internal static class ExportPasses
{
    private static readonly Func<GraphRule>[] Rules =
    [
        () => new RemoveIdentities(),
        () => new ShareEqualNodes(),
        () => new MergeClips(),
        () => new AbsorbPadding(),
        () => new FuseEpilogues(),
        () => new FoldBatchNormalization(),
        () => new FuseEpilogues(),
    ];

    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each node.</exception>
    public static Graph Run(Graph graph, CancellationToken cancellation = default) => Rules.Aggregate(graph, (g, rule) => GraphRewriter.Rewrite(g, rule(), cancellation));
}
