using KerasCompat.Runtime.OpenCl.Kernels;

namespace KerasCompat.Runtime.OpenCl;

/// <summary>Nodes that one kernel computes: a chain of element-wise operators that end in the last, or one node of any kind.</summary>
internal sealed class FusedNodes
{
    /// <summary>Bounds on a kernel's size: longer chains are cut.</summary>
    private const int MostNodes = 24, MostInputs = 12;

    private FusedNodes(IReadOnlyList<Node> nodes, bool isElementwise)
    {
        Nodes = nodes;
        IsElementwise = isElementwise;
        HashSet<Node> own = [.. nodes];
        Inputs = [.. nodes.SelectMany(n => n.Inputs).OfType<Value>().Where(v => v.Producer is null || !own.Contains(v.Producer)).Distinct()];
    }

    /// <summary>The nodes, each after what it reads.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>What they read of others.</summary>
    public IReadOnlyList<Value> Inputs { get; }

    /// <summary>Whether they are element-wise.</summary>
    public bool IsElementwise { get; }

    /// <summary>Joins what may be joined: a value that one node alone reads, of that node's shape, that is not rounded in between.</summary>
    public static IReadOnlyList<FusedNodes> Group(Graph graph, IReadOnlyList<Node> nodes, IReadOnlyDictionary<string, int> symbols, DeviceProperties device)
    {
        var uses = new Dictionary<Value, int>();
        foreach (Value value in nodes.SelectMany(n => n.Inputs).OfType<Value>().Concat(graph.Outputs).Concat(graph.States.Select(s => s.Next)))
        {
            uses[value] = uses.GetValueOrDefault(value) + 1;
        }

        var groups = new Dictionary<Node, FusedNodes>();
        foreach (Node node in nodes)
        {
            bool elementwise = ElementCode.Supports(node, device);
            var group = new FusedNodes([node], elementwise);
            foreach (Value input in node.Inputs.OfType<Value>().Distinct())
            {
                if (elementwise
                    && input.Producer is { } producer && groups.TryGetValue(producer, out FusedNodes? before) && before.IsElementwise
                    && uses[input] == node.Inputs.Count(i => i == input)
                    && ElementTypes.Widened(input.DType) == input.DType
                    && ElementCode.ReadsWhole(node, input)
                    && input.Shape.Evaluate(symbols) == node.Outputs[0].Shape.Evaluate(symbols)
                    && Joined(before, group) is { } joined)
                {
                    groups.Remove(producer);
                    group = joined;
                }
            }

            groups.Add(node, group);
        }

        return [.. nodes.Where(groups.ContainsKey).Select(n => groups[n])];
    }

    private static FusedNodes? Joined(FusedNodes before, FusedNodes after)
    {
        var joined = new FusedNodes([.. before.Nodes, .. after.Nodes], true);
        return joined.Nodes.Count <= MostNodes && joined.Inputs.Count <= MostInputs ? joined : null;
    }
}
