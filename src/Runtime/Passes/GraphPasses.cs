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
    public static Graph Optimize(Graph graph) =>
        Rules.Aggregate(OptimizeBodies(graph), (g, rule) => GraphRewriter.Rewrite(g, rule()));

    private static Graph OptimizeBodies(Graph graph) => GraphRewriter.Rewrite(graph, new Bodies());

    private sealed class Bodies : GraphRule
    {
        public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph) =>
            node.Op is Scan scan ? graph.Builder.ApplyAll(scan with { Body = Optimize(scan.Body) }, inputs) : null;
    }
}
