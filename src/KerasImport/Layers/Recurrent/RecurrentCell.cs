using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>One step of a recurrent layer: from the input of a step and the states before it, the output and the states after it.</summary>
/// <remarks>
/// For a cell of your own derive from this class, declare the weights in <c>Build(SymbolicShape)</c> (the shape of one step's input,
/// the batch axis included), say the shapes of the states, lower one step, and bind the class:
/// <code>
/// sealed class MinimalCell(LayerConfig config) : RecurrentCell(config)
/// {
///     private readonly int _units = config.Int("units");
///     private Weight? _kernel;
///
///     protected override void Build(SymbolicShape input) => _kernel = AddWeight("kernel", [Known(input[-1], "last axis"), _units]);
///
///     public override IReadOnlyList&lt;SymbolicShape&gt; StateShapes(SymbolicShape input) => [new(input[0], _units)];
///
///     public override CellStep Step(GraphBuilder g, Value input, IReadOnlyList&lt;Value&gt; states, IReadOnlyList&lt;Value&gt; constants)
///     {
///         Value h = g.Tanh(g.Add(g.MatMul(input, Read(g, _kernel!)), states[0]));
///         return new CellStep(h, [h]);
///     }
/// }
///
/// options.CustomLayers["MyPackage>MinimalCell"] = config => new MinimalCell(config);
/// </code>
/// </remarks>
public abstract class RecurrentCell : Layer
{
    /// <summary>Reads what every layer has.</summary>
    protected RecurrentCell(LayerConfig config)
        : base(config) => config.Ignore("dropout", "recurrent_dropout", "implementation");

    /// <inheritdoc/>
    protected internal sealed override MaskRule MaskRule => MaskRule.Drops;

    /// <summary>The shapes of the states.</summary>
    /// <param name="input">The shape of one step's input, the batch axis included.</param>
    public abstract IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input);

    /// <summary>Computes one step.</summary>
    /// <param name="g">Where the operators go.</param>
    /// <param name="input">The input of the step: <c>(batch, …)</c>.</param>
    /// <param name="states">The states before it.</param>
    /// <param name="constants">What every step is given besides (Keras 2's <c>constants</c>).</param>
    public abstract CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants);

    /// <summary>All steps by one operator; null where there is none that computes this cell.</summary>
    internal virtual RecurrentResult? WholeSequence(GraphBuilder g, SequenceRun run) => null;

    /// <summary>A weight in the type the cell computes in.</summary>
    protected Value Read(GraphBuilder g, Weight weight) => g.Cast(g.Weight(weight), Policy.Compute);

    /// <summary>A weight in the type the cell computes in; null for null.</summary>
    protected Value? ReadOrNull(GraphBuilder g, Weight? weight) => weight is null ? null : Read(g, weight);

    /// <summary>A single step, where the cell itself is called: the output and the states.</summary>
    protected sealed override Structure Call(LayerCall call)
    {
        Value input = call.Inputs[0].Value;
        IReadOnlyList<Value> states = call.Argument(1, "states") is { } given
            ? [.. given.Tensors().Select(t => t.Value)]
            : [.. StateShapes(input.Shape).Select(s => call.Graph.Zeros(s, Policy.Compute))];
        CellStep step = Step(call.Graph, input, states, []);
        return new Structure.Sequence([new KerasTensor(step.Output), Structure.Of(step.States.Select(s => new KerasTensor(s)))]);
    }
}

/// <summary>What a cell computes in one step.</summary>
/// <param name="Output">The output: <c>(batch, …)</c>.</param>
/// <param name="States">The states after the step, of the shapes before it.</param>
public sealed record CellStep(Value Output, IReadOnlyList<Value> States);

/// <summary>A whole sequence for a cell to compute.</summary>
/// <param name="Input">The input: <c>(batch, time, …)</c>.</param>
/// <param name="Mask">True where a step counts, <c>(batch, time)</c>; null where all do.</param>
/// <param name="InitialStates">The states before the first step; null where they are zeros.</param>
/// <param name="ReturnSequences">Whether the outputs of all steps are wanted, or only the last.</param>
/// <param name="GoBackwards">Whether the last step comes first; outputs stay in the order of computation.</param>
/// <param name="ZeroOutputForMask">Whether masked steps give zeros instead of repeating the output before them.</param>
internal sealed record SequenceRun(
    Value Input,
    Value? Mask,
    IReadOnlyList<Value>? InitialStates,
    bool ReturnSequences,
    bool GoBackwards,
    bool ZeroOutputForMask);
