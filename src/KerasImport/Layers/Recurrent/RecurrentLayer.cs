using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// A cell applied along the time axis: <c>(batch, time, …)</c> → <c>(batch, time, …)</c> with <c>return_sequences</c>, else the output
/// of the last step <c>(batch, …)</c>; with <c>return_state</c> the last states follow.
/// </summary>
/// <remarks>
/// Config: <c>return_sequences</c>, <c>return_state</c>, <c>go_backwards</c> (last step first; outputs stay in the order of
/// computation), <c>stateful</c> (states last from call to call), <c>time_major</c> (the first two axes swapped), and
/// <c>zero_output_for_mask</c>. A masked step leaves the states and repeats the output before it, or gives zeros. Where none is before
/// it, it gives zeros, or with <c>masked_start</c> <c>state</c> the first of the initial states. Arguments: <c>mask</c>, <c>initial_state</c>, <c>constants</c>. With an initial state Keras 3 does not see the mask
/// that travels with the input (<c>mask_with_initial_state</c> false), older versions do; the output carries it on all the same.
/// The mask goes on with a sequence, not with a single step. Weights: the cell's.
/// </remarks>
internal abstract class RecurrentLayer : Layer
{
    private readonly bool _returnState;
    private readonly bool _stateful;
    private readonly bool _zeroOutputForMask;
    private readonly bool _maskWithInitialState;
    private readonly bool _startsWithState;
    private readonly bool _goBackwards;
    private readonly bool _unroll;
    private StateVariable[]? _kept;

    protected RecurrentLayer(LayerConfig config, RecurrentCell cell)
        : base(config)
    {
        Cell = cell;
        ReturnSequences = config.Bool("return_sequences", false);
        TimeMajor = config.Bool("time_major", false);
        _returnState = config.Bool("return_state", false);
        _goBackwards = config.Bool("go_backwards", false);
        _stateful = config.Bool("stateful", false);
        _zeroOutputForMask = config.Bool("zero_output_for_mask", false);
        _maskWithInitialState = config.Bool("mask_with_initial_state", false);
        _startsWithState = config.OneOf("masked_start", "zeros", "zeros", "state") == "state";
        _unroll = config.Bool("unroll", false);
        config.Ignore("implementation", "use_cudnn", "dropout", "recurrent_dropout", "input_dim", "input_length", "num_constants");
    }

    public bool ReturnSequences { get; }

    public bool TimeMajor { get; }

    public sealed override IReadOnlyList<Sublayer> Sublayers => [new Sublayer("cell", Cell)];

    protected internal sealed override MaskRule MaskRule => MaskRule.Computes;

    // Backwards a row's outputs come behind its padding, where no lengths find them.
    protected internal sealed override RaggedRule RaggedRuleOf(int rank) => TimeMajor || (_goBackwards && ReturnSequences) ? RaggedRule.Refuses : RaggedRule.Masks;

    /// <summary>What computes one step.</summary>
    protected RecurrentCell Cell { get; }

    protected sealed override Structure Call(LayerCall call)
    {
        GraphBuilder g = call.Graph;
        Value input = Prepare(g, TimeMajor ? g.SwapAxes(call.Input.Value, 0, 1) : call.Input.Value);
        SymbolicShape step = input.Shape.Without(1);
        Cell.EnsureBuilt(step);
        Value[]? given = Values(call, "initial_state")?.Select(s => PrepareState(g, s)).ToArray();
        Value[] constants = Values(call, "constants") ?? [];
        IReadOnlyList<SymbolicShape> shapes = Cell.StateShapes(step);
        if (given is not null && given.Length != shapes.Count)
        {
            throw call.Fail($"{given.Length} initial states", $"{shapes.Count}");
        }

        Value? seen = given is null || _maskWithInitialState ? call.Mask : call.Tensor(-1, "mask")?.Value;
        if (seen is not null)
        {
            seen = g.Cast(TimeMajor ? g.SwapAxes(seen, 0, 1) : seen, DType.Bool);
        }

        _kept ??= _stateful ? [.. shapes.Select((s, i) => new StateVariable($"{g.Scope}/{i}", Policy.Compute, s))] : null;
        given ??= _kept?.Select(g.ReadState).ToArray();

        // Unrolled and backwards, Keras zeroes the outputs by the mask in the order of the input, though the last step comes first.
        bool zeroesOthers = _zeroOutputForMask && _unroll && _goBackwards && ReturnSequences && seen is not null;
        var run = new SequenceRun(input, seen, given, ReturnSequences, _goBackwards, _zeroOutputForMask && !zeroesOthers);
        RecurrentResult result = (constants.Length == 0 ? Cell.WholeSequence(g, run) : null) ?? StepByStep.Run(g, Cell, run, constants);
        if (zeroesOthers)
        {
            result = result with { Output = ZeroedBy(g, seen!, result.Output) };
        }

        if (_startsWithState && seen is not null && given is not null)
        {
            result = result with { Output = StartingWith(g, given[0], seen, result.Output) };
        }

        for (int i = 0; i < _kept?.Length; i++)
        {
            g.WriteState(_kept[i], result.States[i]);
        }

        Value output = Finish(g, result.Output, ReturnSequences);
        var first = new KerasTensor(ReturnSequences && TimeMajor ? g.SwapAxes(output, 0, 1) : output, ReturnSequences ? call.Mask : null);
        return _returnState
            ? Structure.Of([first, .. result.States.Select(s => new KerasTensor(Finish(g, s, hasTime: false)))])
            : first;
    }

    /// <summary>Brings the input into the cell's layout.</summary>
    protected virtual Value Prepare(GraphBuilder g, Value input) => input;

    /// <summary>Brings an initial state into the cell's layout.</summary>
    protected virtual Value PrepareState(GraphBuilder g, Value state) => state;

    /// <summary>Brings an output or a state from the cell's layout into the layer's.</summary>
    protected virtual Value Finish(GraphBuilder g, Value output, bool hasTime) => output;

    /// <summary>The output, with a state in place of the steps ahead of the first that counts, or of the last step where none does.</summary>
    private Value StartingWith(GraphBuilder g, Value state, Value mask, Value output)
    {
        if (!ReturnSequences)
        {
            return g.Where(g.ReduceAny(mask, [1], keepDims: true), output, state);
        }

        Value counted = g.CumSum(g.Cast(_goBackwards ? g.Reverse(mask, [1]) : mask, DType.Int32), 1);
        return g.Where(g.ExpandDims(g.Greater(counted, 0), 2), output, g.ExpandDims(state, 1));
    }

    private static Value ZeroedBy(GraphBuilder g, Value mask, Value output)
    {
        Value steps = g.Reshape(mask, new SymbolicShape([.. mask.Shape, .. Enumerable.Repeat(Dim.One, output.Rank - mask.Rank)]));
        return g.Where(steps, output, g.Scalar(0, output.DType));
    }

    private static Value[]? Values(LayerCall call, string name) =>
        call.Argument(-1, name)?.Tensors().Select(t => t.Value).ToArray() is { Length: > 0 } values ? values : null;
}
