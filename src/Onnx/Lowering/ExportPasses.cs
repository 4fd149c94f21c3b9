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

    public static Graph Run(Graph graph) => Rules.Aggregate(graph, (g, rule) => GraphRewriter.Rewrite(g, rule()));
}
