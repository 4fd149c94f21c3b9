using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>One step of a simple recurrent net: <c>h' = activation(x·K + b + h·R)</c>; the output is <c>h'</c>.</summary>
/// <remarks>
/// Config: <c>units</c> u, <c>activation</c> (tanh), <c>use_bias</c>. Input <c>(batch, d)</c>, state h <c>(batch, u)</c>. Weights:
/// <c>kernel</c> (d, u), <c>recurrent_kernel</c> (u, u), <c>bias</c> (u).
/// </remarks>
internal sealed class SimpleRNNCell : RecurrentCell
{
    private readonly int _units;
    private readonly bool _useBias;
    private readonly ActivationFunction _activation;
    private Weight? _kernel;
    private Weight? _recurrentKernel;
    private Weight? _bias;

    public SimpleRNNCell(LayerConfig config)
        : base(config)
    {
        _units = config.Int("units");
        _useBias = config.Bool("use_bias", true);
        _activation = ActivationFunction.Read(config, "activation", "tanh");
    }

    public override IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input) => [new(input[0], _units)];

    public override CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants)
    {
        Value z = g.MatMul(input, Read(g, _kernel!));
        z = _bias is null ? z : g.Add(z, Read(g, _bias));
        Value h = _activation.Apply(g, g.Add(z, g.MatMul(states[0], Read(g, _recurrentKernel!))));
        return new CellStep(h, [h]);
    }

    internal override RecurrentResult? WholeSequence(GraphBuilder g, SequenceRun run)
    {
        if (run.Input.Rank != 3 || !SingleOperator.TryFind(_activation, run.Input.DType, out Op? activation))
        {
            return null;
        }

        var op = new Runtime.SimpleRNN
        {
            Activation = activation,
            ReturnSequences = run.ReturnSequences,
            GoBackwards = run.GoBackwards,
            ZeroOutputForMask = run.ZeroOutputForMask,
        };
        return g.SimpleRNN(op, run.Input, Read(g, _kernel!), Read(g, _recurrentKernel!), ReadOrNull(g, _bias), run.Mask, run.InitialStates?[0]);
    }

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("kernel", [Known(input[-1], "last axis"), _units]);
        _recurrentKernel = AddWeight("recurrent_kernel", [_units, _units]);
        _bias = _useBias ? AddWeight("bias", [_units]) : null;
    }
}
