namespace KerasCompat.Runtime.Cpu;

/// <summary>Until when values are read.</summary>
internal static class Lifetimes
{
    /// <summary>The last step that reads each value, views followed to the value whose memory they share; outputs live for ever.</summary>
    public static Dictionary<Value, int> LastUses(Graph graph, IReadOnlyList<Node> nodes)
    {
        var last = new Dictionary<Value, int>();
        for (int step = 0; step < nodes.Count; step++)
        {
            foreach (Value? input in nodes[step].Inputs)
            {
                Extend(input, step);
            }
        }

        foreach (Value output in graph.Outputs.Concat(graph.States.Select(s => s.Next)))
        {
            Extend(output, nodes.Count);
        }

        return last;

        void Extend(Value? value, int step)
        {
            for (; value is not null; value = value.Producer is { Op.IsView: true } view ? view.Inputs[0] : null)
            {
                last[value] = Math.Max(step, last.GetValueOrDefault(value));
            }
        }
    }
}
