using KerasCompat.Onnx.Model;

namespace KerasCompat.Onnx.Export;

/// <summary>Leaves out what no output needs.</summary>
internal static class DeadNodes
{
    /// <summary>The nodes that the named values need.</summary>
    public static IReadOnlyList<OnnxNode> Remove(IReadOnlyList<OnnxNode> nodes, IEnumerable<string> outputs)
    {
        var needed = new HashSet<string>(outputs, StringComparer.Ordinal);
        var kept = new List<OnnxNode>();
        foreach (OnnxNode node in nodes.Reverse())
        {
            if (node.Outputs.Any(needed.Contains))
            {
                kept.Add(node);
                needed.UnionWith(Reads(node));
            }
        }

        kept.Reverse();
        return kept;
    }

    /// <summary>The graph without initializers that nothing reads.</summary>
    public static OnnxGraph RemoveInitializers(OnnxGraph graph)
    {
        var read = graph.Nodes.SelectMany(Reads).Concat(graph.Outputs.Select(o => o.Name)).ToHashSet(StringComparer.Ordinal);
        return graph with { Initializers = [.. graph.Initializers.Where(i => read.Contains(i.Name))] };
    }

    /// <summary>What a node reads, its bodies included.</summary>
    private static IEnumerable<string> Reads(OnnxNode node) => node.Inputs.Concat(
        node.Attributes.Select(a => a.Value).OfType<OnnxGraph>().SelectMany(g => g.Nodes.SelectMany(Reads).Concat(g.Outputs.Select(o => o.Name))));
}
