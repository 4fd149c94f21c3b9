using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// One step of a long short-term memory (Hochreiter and Schmidhuber 1997): with <c>z = x·K + h·R + b</c> cut into i, f, g, o,
/// <c>c' = ρ(f)⊙c + ρ(i)⊙a(g)</c> and <c>h' = ρ(o)⊙a(c')</c>; the output is <c>h'</c>.
/// </summary>
/// <remarks>
/// Config: <c>units</c> u, <c>activation</c> a (tanh), <c>recurrent_activation</c> ρ (sigmoid), <c>use_bias</c>. Input
/// <c>(batch, d)</c>, states h and c <c>(batch, u)</c>. Weights, gates in the order i, f, g, o: <c>kernel</c> (d, 4u),
/// <c>recurrent_kernel</c> (u, 4u), <c>bias</c> (4u). <c>unit_forget_bias</c> only initialises.
/// </remarks>
internal class LSTMCell : RecurrentCell
{
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private readonly ActivationFunction _recurrentActivation;
    private Weight? _kernel;
    private Weight? _recurrentKernel;
    private Weight? _bias;

    public LSTMCell(LayerConfig config)
        : base(config)
    {
        Units = config.Int("units");
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation", "tanh");
        _recurrentActivation = ActivationFunction.Read(config, "recurrent_activation", "sigmoid");
        config.Ignore("unit_forget_bias");
    }

    /// <summary>Size of each state.</summary>
    protected int Units { get; }

    public sealed override IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input) => [new(input[0], Units), new(input[0], Units)];

    public sealed override CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants)
    {
        (Value h, Value c) = (states[0], states[1]);
        Value z = g.Add(g.MatMul(input, Read(g, _kernel!)), g.MatMul(h, Read(g, _recurrentKernel!)));
        z = _bias is null ? z : g.Add(z, Read(g, _bias));
        IReadOnlyList<Value> gates = g.Split(z, -1, 4);
        Value next = g.Add(g.Mul(Gate(g, gates[1], c, 1), c), g.Mul(Gate(g, gates[0], c, 0), _activation.Apply(g, gates[2])));
        Value output = g.Mul(Gate(g, gates[3], next, 3), _activation.Apply(g, next));
        return new CellStep(output, [output, next]);
    }

    internal override RecurrentResult? WholeSequence(GraphBuilder g, SequenceRun run)
    {
        if (run.Input.Rank != 3
            || !SingleOperator.TryFind(_activation, run.Input.DType, out Op? activation)
            || !SingleOperator.TryFind(_recurrentActivation, run.Input.DType, out Op? recurrentActivation))
        {
            return null;
        }

        var op = new Runtime.LSTM
        {
            Activation = activation,
            RecurrentActivation = recurrentActivation,
            ReturnSequences = run.ReturnSequences,
            GoBackwards = run.GoBackwards,
            ZeroOutputForMask = run.ZeroOutputForMask,
        };
        return g.LSTM(op, run.Input, Read(g, _kernel!), Read(g, _recurrentKernel!), ReadOrNull(g, _bias), run.Mask, run.InitialStates);
    }

    /// <summary>What a gate adds to its sum before the activation: nothing, save where it looks at the memory.</summary>
    /// <param name="g">Where the operators go.</param>
    /// <param name="z">The gate's sum.</param>
    /// <param name="memory">The memory it may look at: c for the input and forget gates, c' for the output gate.</param>
    /// <param name="gate">0 input, 1 forget, 3 output.</param>
    protected virtual Value Peek(GraphBuilder g, Value z, Value memory, int gate) => z;

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("kernel", [Known(input[-1], "last axis"), Units * 4]);
        _recurrentKernel = AddWeight("recurrent_kernel", [Units, Units * 4]);
        _bias = _useBias ? AddWeight("bias", [Units * 4]) : null;
    }

    private Value Gate(GraphBuilder g, Value z, Value memory, int gate) => _recurrentActivation.Apply(g, Peek(g, z, memory, gate));
}
