using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Runs a cell step by step along the time axis, for cells that no operator computes whole.</summary>
/// <remarks>
/// Each step sees one slice of the input and of the mask. Where a step is masked the states stay as they are, and the output is the
/// one before it, or zeros.
/// </remarks>
internal static class StepByStep
{
    public static RecurrentResult Run(GraphBuilder g, RecurrentCell cell, SequenceRun run, IReadOnlyList<Value> constants)
    {
        SymbolicShape step = run.Input.Shape.Without(1);
        IReadOnlyList<Value> initial = run.InitialStates ?? [.. cell.StateShapes(step).Select(s => g.Zeros(s, cell.Policy.Compute))];
        var body = new Body();
        Value[] states = [.. initial.Select((s, i) => body.Input($"state_{i}", s.DType, s.Shape))];
        Value x = body.Input("x", run.Input.DType, step);
        Value? mask = run.Mask is null ? null : body.Input("mask", DType.Bool, run.Mask.Shape.Without(1));
        Value[] whole = [.. constants.Select((c, i) => body.Input($"constant_{i}", c.DType, c.Shape))];

        CellStep after = cell.Step(body.Graph, x, states, whole);
        SymbolicShape outputShape = body.Outside(after.Output.Shape);
        Value last = body.Input("last", after.Output.DType, outputShape);
        Value repeated = run.ZeroOutputForMask ? body.Graph.Zeros(after.Output.Shape, after.Output.DType) : last;
        Value output = Kept(body.Graph, mask, after.Output, repeated);
        Value[] next = [.. after.States.Zip(states, (a, before) => Kept(body.Graph, mask, body.Graph.Cast(a, before.DType), before))];

        Graph graph = body.Graph.Build([.. states, last, x, .. mask is null ? [] : (Value[])[mask], .. whole], [.. next, output, output]);
        ScanResult result = g.Scan(
            graph,
            [.. initial, g.Zeros(outputShape, output.DType)],
            [run.Input, .. run.Mask is null ? [] : (Value[])[run.Mask]],
            constants,
            run.GoBackwards);
        return new RecurrentResult(run.ReturnSequences ? result.Outputs[0] : result.States[^1], [.. result.States.SkipLast(1)]);
    }

    private static Value Kept(GraphBuilder g, Value? mask, Value value, Value otherwise) => mask is null
        ? value
        : g.Where(g.Reshape(mask, new SymbolicShape([mask.Shape[0], .. Enumerable.Repeat(Dim.One, value.Rank - 1)])), value, otherwise);

    /// <summary>The graph of a step, whose open sizes are symbols of its own.</summary>
    private sealed class Body
    {
        private readonly List<(Dim Outside, Dim Inside)> _sizes = [];

        public GraphBuilder Graph { get; } = new();

        public Value Input(string name, DType dtype, SymbolicShape outside) => Graph.Input(name, dtype, new SymbolicShape(outside.Select(Inside)));

        public SymbolicShape Outside(SymbolicShape inside)
        {
            var symbols = _sizes.ToDictionary(s => s.Inside.SymbolName!, s => s.Outside);
            return new SymbolicShape(inside.Select(d => d.Substitute(symbols)));
        }

        private Dim Inside(Dim outside)
        {
            if (outside.IsConstant)
            {
                return outside;
            }

            int known = _sizes.FindIndex(s => s.Outside == outside);
            if (known < 0)
            {
                known = _sizes.Count;
                _sizes.Add((outside, Graph.FreshSymbol("size")));
            }

            return _sizes[known].Inside;
        }
    }
}
