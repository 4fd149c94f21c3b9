namespace KerasCompat.Runtime;

/// <summary>Rewrites a graph into one that computes the same with less work.</summary>
internal static class GraphPasses
{
    private static readonly Func<GraphRule>[] Rules =
    [
        () => new RemoveIdentities(),
        () => new ShareEqualNodes(),

        () => new FuseRecurrence(),
        () => new AbsorbTranspositions(),
        () => new AbsorbPadding(),
        () => new MergeClips(),

        // Before the normalisations, which fold into a product with its bias, and after them.
        () => new FuseEpilogues(),
        () => new FoldBatchNormalization(),
        () => new FuseEpilogues(),

        // Normalisations that are left have no product to fold into.
        () => new FuseNormalizationActivations(),
    ];

    /// <summary>The graph after all passes. What they do to weights they write as nodes, which are evaluated once for each setting of the weights.</summary>
    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each node.</exception>
    public static Graph Optimize(Graph graph, CancellationToken cancellation = default) =>
        Rules.Aggregate(OptimizeBodies(graph, cancellation), (g, rule) => GraphRewriter.Rewrite(g, rule(), cancellation));

    private static Graph OptimizeBodies(Graph graph, CancellationToken cancellation) => GraphRewriter.Rewrite(graph, new Bodies(cancellation), cancellation);

    private sealed class Bodies(CancellationToken cancellation) : GraphRule
    {
        public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph) =>
            node.Op is Scan scan ? graph.Builder.ApplyAll(scan with { Body = Optimize(scan.Body, cancellation) }, inputs) : null;
    }
}
