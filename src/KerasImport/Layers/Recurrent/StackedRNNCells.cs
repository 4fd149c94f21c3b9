using KerasCompat.Runtime;
using KerasCompat.Weights;

namespace KerasCompat.Layers;

/// <summary>Several cells, each fed the output of the one before within a step; the output is the last cell's.</summary>
/// <remarks>
/// Config: <c>cells</c>; <c>reverse_state_order</c> (the last cell's states come first, as to Keras 2.2.2). States: those of all
/// cells. Weights: the cells'.
/// </remarks>
internal sealed class StackedRNNCells : RecurrentCell
{
    private readonly RecurrentCell[] _cells;
    private readonly bool _reverseStates;

    public StackedRNNCells(LayerConfig config)
        : base(config)
    {
        _cells = [.. config.Layers("cells").Select(l => l as RecurrentCell ?? throw config.Wrong("cells", l.ClassName, "recurrent cells"))];
        _reverseStates = config.Bool("reverse_state_order", false);
    }

    public override IReadOnlyList<Sublayer> Sublayers =>
        [.. ObjectNames.Numbered(_cells.Select(c => ObjectNames.Keras3(c.ClassName))).Zip(_cells, (name, cell) => new Sublayer($"cells/{name}", cell))];

    public override IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input) => Join(Walk(input).Select(w => w.States));

    public override CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants)
    {
        var after = new List<IReadOnlyList<Value>>();
        foreach ((RecurrentCell cell, IReadOnlyList<Value> before) in _cells.Zip(Part(states, input.Shape)))
        {
            CellStep step = cell.Step(g, input, before, constants);
            input = step.Output;
            after.Add(step.States);
        }

        return new CellStep(input, Join(after));
    }

    /// <summary>Cell after cell over the whole sequence: what a masked step gives a cell is masked for the next cell too.</summary>
    internal override RecurrentResult? WholeSequence(GraphBuilder g, SequenceRun run)
    {
        IReadOnlyList<IReadOnlyList<Value>>? before = run.InitialStates is null ? null : Part(run.InitialStates, run.Input.Shape.Without(1));
        var after = new List<IReadOnlyList<Value>>();
        Value input = run.Input;
        Value? mask = run.Mask;
        for (int i = 0; i < _cells.Length; i++)
        {
            bool isFirst = i == 0, isLast = i == _cells.Length - 1;
            var own = new SequenceRun(
                input, mask, before?[i], !isLast || run.ReturnSequences, isFirst && run.GoBackwards, isLast && run.ZeroOutputForMask);
            if (_cells[i].WholeSequence(g, own) is not { } result)
            {
                return null;
            }

            // Outputs come in the order of computation, so the next cell goes forwards, with the mask in that order.
            mask = isFirst && run.GoBackwards && mask is not null ? g.Reverse(mask, 1) : mask;
            input = result.Output;
            after.Add(result.States);
        }

        return new RecurrentResult(input, Join(after));
    }

    protected override void Build(SymbolicShape input)
    {
        foreach ((RecurrentCell cell, SymbolicShape own, _) in Walk(input))
        {
            cell.EnsureBuilt(own);
        }
    }

    /// <summary>Each cell with its input and its states. A cell's output has the shape of its first state, as Keras assumes.</summary>
    private IEnumerable<(RecurrentCell Cell, SymbolicShape Input, IReadOnlyList<SymbolicShape> States)> Walk(SymbolicShape input)
    {
        foreach (RecurrentCell cell in _cells)
        {
            IReadOnlyList<SymbolicShape> states = cell.StateShapes(input);
            yield return (cell, input, states);
            input = states[0];
        }
    }

    private IReadOnlyList<T> Join<T>(IEnumerable<IReadOnlyList<T>> perCell) => [.. (_reverseStates ? perCell.Reverse() : perCell).SelectMany(s => s)];

    private IReadOnlyList<Value>[] Part(IReadOnlyList<Value> states, SymbolicShape input)
    {
        int[] counts = [.. Walk(input).Select(w => w.States.Count)];
        var parts = new IReadOnlyList<Value>[counts.Length];
        int taken = 0;
        foreach (int i in _reverseStates ? Enumerable.Range(0, counts.Length).Reverse() : Enumerable.Range(0, counts.Length))
        {
            parts[i] = [.. states.Skip(taken).Take(counts[i])];
            taken += counts[i];
        }

        return parts;
    }
}
