namespace KerasCompat.Runtime;

/// <summary>
/// Lets recurrent nets write backward outputs in the order of their inputs, and read an embedding from a table in which it is multiplied
/// by the input kernel already.
/// </summary>
internal sealed class FuseRecurrence : GraphRule
{
    /// <summary>Floats that a table may have in any case; beyond, it must not be larger than the embedding it replaces.</summary>
    private const long LargestTable = 1 << 22;

    private readonly HashSet<Value> _reversed = [];

    public override IReadOnlyList<Value>? Replace(Node node, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        if (IsReversal(node.Op) && _reversed.Contains(inputs[0]!))
        {
            return [inputs[0]!];
        }

        if (node.Op is not RecurrentOp net)
        {
            return null;
        }

        bool reverses = net.ReturnSequences && graph.OnlyReader(node.Outputs[0]) is { } reader && IsReversal(reader.Op);
        net = reverses ? net with { ReverseOutput = !net.ReverseOutput } : net;
        IReadOnlyList<Value>? outputs = IsLookup(net, inputs, graph) ? Embedded(net, inputs, graph)
            : reverses ? graph.Builder.ApplyAll(net, inputs)
            : null;
        if (reverses)
        {
            _reversed.Add(outputs![0]);
        }

        return outputs;
    }

    private static IReadOnlyList<Value> Embedded(RecurrentOp net, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        Node gather = inputs[0]!.Producer!;
        var all = new Value?[RecurrentOp.FirstState + net.StateCount + 1];
        for (int i = 1; i < inputs.Count; i++)
        {
            all[i] = inputs[i];
        }

        (all[0], all[^1]) = (gather.Inputs[1], gather.Inputs[0]);
        return graph.Builder.ApplyAll(new EmbeddedRecurrence(net), all);
    }

    private static bool IsLookup(RecurrentOp net, IReadOnlyList<Value?> inputs, GraphRewriter graph)
    {
        if (inputs[0] is not { DType: DType.Float32, Producer: { Op: Gather { Axis: 0 } } gather }
            || gather.Inputs is not [{ Rank: 2 } table, { Rank: 2 }]
            || !graph.IsStored(table)
            || !inputs.Skip(RecurrentOp.Kernel).Take(RecurrentOp.Bias).All(graph.IsStored)
            || !KernelActivation.TryGet(net.Activation, out _) || !KernelActivation.TryGet(net.GateActivation, out _))
        {
            return false;
        }

        long rows = table.Shape[0].Value, columns = inputs[RecurrentOp.RecurrentKernel]!.Shape[1].Value;
        return rows * columns <= Math.Max(LargestTable, rows * table.Shape[1].Value);
    }

    /// <summary>True for the time axis, the second, read from its end and nothing else.</summary>
    private static bool IsReversal(Op op) =>
        op is Slice { Axes: [1], Steps: [-1], Starts: [Slice.Open] } slice && slice.Ends[0].ValueOrNull == Slice.OpenBackward;
}
