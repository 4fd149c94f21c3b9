namespace KerasCompat.Runtime;

/// <summary>One kind of rewriting: what it makes of a node.</summary>
internal abstract class GraphRule
{
    /// <summary>Values to take in place of a node's outputs; null to leave the node.</summary>
    /// <param name="node">The node as it was.</param>
    /// <param name="inputs">Its inputs, rewritten.</param>
    /// <param name="graph">The rewriting under way.</param>
    public abstract IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph);
}

/// <summary>Applies a rule to every node of a graph, in order. Inputs, weights and states stay the values they were.</summary>
internal sealed class GraphRewriter
{
    private readonly Dictionary<Value, Value> _replaced = [];
    private readonly Dictionary<Value, int> _uses = [];
    private readonly Dictionary<Value, Node> _readers = [];
    private readonly Dictionary<Node, bool> _stored = [];

    private GraphRewriter(Graph graph)
    {
        foreach (Value? used in graph.Nodes.SelectMany(n => n.Inputs).Concat(graph.Outputs).Concat(graph.States.Select(s => s.Next)))
        {
            if (used is not null)
            {
                _uses[used] = _uses.GetValueOrDefault(used) + 1;
            }
        }

        foreach (Node node in graph.Nodes)
        {
            foreach (Value input in node.Inputs.OfType<Value>())
            {
                _readers[input] = node;
            }
        }
    }

    /// <summary>Adds nodes.</summary>
    public GraphBuilder Builder { get; } = new();

    /// <exception cref="OperationCanceledException">It is no longer wanted; asked before each node.</exception>
    public static Graph Rewrite(Graph graph, GraphRule rule, CancellationToken cancellation = default)
    {
        var rewriter = new GraphRewriter(graph);
        foreach (Node node in graph.Nodes)
        {
            cancellation.ThrowIfCancellationRequested();
            rewriter.Visit(node, rule);
        }

        return new Graph(
            graph.Inputs,
            [.. graph.Outputs.Select(rewriter.Current)],
            [.. graph.States.Select(s => s with { Next = rewriter.Current(s.Next) })]);
    }

    /// <summary>The node that computes a value which nothing else reads: it may be merged into its reader.</summary>
    public Node? OnlyFor(Value? value) => value is not null && _uses.GetValueOrDefault(value) == 1 ? value.Producer : null;

    /// <summary>The node of the graph as it was that alone reads a value; null where several do or the graph gives it out.</summary>
    public Node? OnlyReader(Value value) => _uses.GetValueOrDefault(value) == 1 ? _readers.GetValueOrDefault(value) : null;

    /// <summary>True where no call changes the value: a constant, a weight, or computed of such.</summary>
    public bool IsStored(Value? value)
    {
        if (value is null || value.IsStored || value.Producer is not { } node)
        {
            return value is null or { IsStored: true };
        }

        if (!_stored.TryGetValue(node, out bool stored))
        {
            stored = !node.Op.IsDynamic && node.Outputs.All(o => o.Shape.IsConstant) && node.Inputs.All(IsStored);
            _stored.Add(node, stored);
        }

        return stored;
    }

    private Value Current(Value value) => _replaced.GetValueOrDefault(value, value);

    private void Visit(Node node, GraphRule rule)
    {
        Value?[] inputs = [.. node.Inputs.Select(i => i is null ? null : Current(i))];
        using IDisposable scope = Builder.Enter(node.Scope);
        IReadOnlyList<Value>? outputs = rule.Replace(node, inputs, this);
        if (outputs is null && !inputs.AsSpan().SequenceEqual(node.Inputs.ToArray()))
        {
            outputs = Copy(node, inputs);
        }

        // Asked in the graph's order, the answer never has to look further back than one node.
        IsStored((outputs ?? node.Outputs)[0]);
        for (int i = 0; outputs is not null && i < node.Outputs.Count; i++)
        {
            _replaced[node.Outputs[i]] = outputs[i];
            _uses[outputs[i]] = _uses.GetValueOrDefault(outputs[i]) + _uses.GetValueOrDefault(node.Outputs[i]);
            outputs[i].Name ??= node.Outputs[i].Name;
        }
    }

    /// <summary>The node with other inputs and the types it had: inferring them again would rename symbols that only a run can tell.</summary>
    public static IReadOnlyList<Value> Copy(Node node, IReadOnlyList<Value?> inputs)
    {
        var copy = new Node(node.Op, inputs, node.Scope);
        copy.Outputs = [.. node.Outputs.Select((o, i) => new Value(o.Type) { Producer = copy, OutputIndex = i, Content = o.Content })];
        return copy.Outputs;
    }
}
