namespace KerasCompat.Runtime.Cpu;

/// <summary>Until when values are read.</summary>
internal static class Lifetimes
{
    /// <summary>The last step that reads each value, views followed to the value whose memory they share.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="inputs">What each step reads.</param>
    /// <param name="end">The last use of outputs and states, which are read after the last step.</param>
    public static Dictionary<Value, int> LastUses(Graph graph, IReadOnlyList<IReadOnlyList<Value?>> inputs, int end)
    {
        var last = new Dictionary<Value, int>();
        for (int step = 0; step < inputs.Count; step++)
        {
            foreach (Value? input in inputs[step])
            {
                Extend(input, step);
            }
        }

        foreach (Value output in graph.Outputs.Concat(graph.States.Select(s => s.Next)))
        {
            Extend(output, end);
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
