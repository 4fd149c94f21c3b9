namespace KerasCompat.Runtime;

/// <summary>A computation: inputs, nodes in an order in which each follows what it reads, outputs, and states carried from call to call.</summary>
public sealed class Graph
{
    internal Graph(IReadOnlyList<Value> inputs, IReadOnlyList<Value> outputs, IReadOnlyList<StateUpdate> states)
    {
        Inputs = inputs;
        Outputs = outputs;
        States = states;
        Nodes = Order(outputs.Concat(states.Select(s => s.Next)));
        HasDynamicShapes = Nodes.Any(n => n.Op.IsDynamic);
    }

    /// <summary>The inputs, in the order of a call.</summary>
    public IReadOnlyList<Value> Inputs { get; }

    /// <summary>The outputs, in order.</summary>
    public IReadOnlyList<Value> Outputs { get; }

    /// <summary>What is read at the beginning of a call and written at its end.</summary>
    public IReadOnlyList<StateUpdate> States { get; }

    /// <summary>The nodes that the outputs and states need, each after what it reads.</summary>
    public IReadOnlyList<Node> Nodes { get; }

    /// <summary>True where elements decide shapes, so that no plan can be made ahead of a call.</summary>
    public bool HasDynamicShapes { get; }

    private static List<Node> Order(IEnumerable<Value> ends)
    {
        var order = new List<Node>();
        var state = new Dictionary<Node, bool>();
        var stack = new Stack<Node>();
        foreach (Node? end in ends.Select(v => v.Producer))
        {
            if (end is null)
            {
                continue;
            }

            stack.Push(end);
            while (stack.TryPeek(out Node? node))
            {
                if (state.TryGetValue(node, out bool done) && done)
                {
                    stack.Pop();
                }
                else if (state.TryAdd(node, false))
                {
                    // Pushed in reverse, so that the first input's node comes first.
                    for (int i = node.Inputs.Count - 1; i >= 0; i--)
                    {
                        if (node.Inputs[i]?.Producer is { } producer && !state.ContainsKey(producer))
                        {
                            stack.Push(producer);
                        }
                    }
                }
                else
                {
                    stack.Pop();
                    state[node] = true;
                    order.Add(node);
                }
            }
        }

        return order;
    }
}

/// <summary>A state's value before a call and after it.</summary>
/// <param name="Variable">The state.</param>
/// <param name="Previous">The value the graph reads.</param>
/// <param name="Next">The value the graph leaves.</param>
public sealed record StateUpdate(StateVariable Variable, Value Previous, Value Next);
