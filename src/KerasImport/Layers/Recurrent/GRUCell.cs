using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// One step of a gated recurrent unit (Cho et al. 2014): <c>z = ρ(x·K_z + h·R_z)</c>, <c>r = ρ(x·K_r + h·R_r)</c>,
/// <c>h' = z⊙h + (1 − z)⊙n</c>, with <c>n = a(x·K_h + r⊙(h·R_h))</c> where the reset comes after the product, else
/// <c>n = a(x·K_h + (r⊙h)·R_h)</c>; biases are left out here. The output is <c>h'</c>.
/// </summary>
/// <remarks>
/// Config: <c>units</c> u, <c>activation</c> a (tanh), <c>recurrent_activation</c> ρ (sigmoid), <c>use_bias</c>, <c>reset_after</c>
/// (true). Input <c>(batch, d)</c>, state h <c>(batch, u)</c>. Weights, gates in the order z, r, h: <c>kernel</c> (d, 3u),
/// <c>recurrent_kernel</c> (u, 3u), <c>bias</c> (2, 3u), rows for input and state, or (3u) for the input where the reset comes before.
/// </remarks>
internal sealed class GRUCell : RecurrentCell
{
    private readonly int _units;
    private readonly bool _useBias;
    private readonly bool _resetAfter;
    private readonly ActivationFunction _activation;
    private readonly ActivationFunction _recurrentActivation;
    private Weight? _kernel;
    private Weight? _recurrentKernel;
    private Weight? _bias;

    public GRUCell(LayerConfig config)
        : base(config)
    {
        _units = config.Int("units");
        _useBias = config.Bool("use_bias", true);
        _resetAfter = config.Bool("reset_after", true);
        _activation = ActivationFunction.Read(config, "activation", "tanh");
        _recurrentActivation = ActivationFunction.Read(config, "recurrent_activation", "sigmoid");
    }

    public override IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input) => [new(input[0], _units)];

    public override CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants)
    {
        Value h = states[0], recurrent = Read(g, _recurrentKernel!);
        (Value? inputBias, Value? stateBias) = Biases(g);
        IReadOnlyList<Value> x = g.Split(Plus(g, g.MatMul(input, Read(g, _kernel!)), inputBias), -1, 3);
        Value z, candidate;
        if (_resetAfter)
        {
            IReadOnlyList<Value> inner = g.Split(Plus(g, g.MatMul(h, recurrent), stateBias), -1, 3);
            z = _recurrentActivation.Apply(g, g.Add(x[0], inner[0]));
            Value r = _recurrentActivation.Apply(g, g.Add(x[1], inner[1]));
            candidate = _activation.Apply(g, g.Add(x[2], g.Mul(r, inner[2])));
        }
        else
        {
            IReadOnlyList<Value> kernels = g.Split(recurrent, -1, 3);
            z = _recurrentActivation.Apply(g, g.Add(x[0], g.MatMul(h, kernels[0])));
            Value r = _recurrentActivation.Apply(g, g.Add(x[1], g.MatMul(h, kernels[1])));
            candidate = _activation.Apply(g, g.Add(x[2], g.MatMul(g.Mul(r, h), kernels[2])));
        }

        Value next = g.Add(g.Mul(z, h), g.Mul(g.Sub(g.Scalar(1, z.DType), z), candidate));
        return new CellStep(next, [next]);
    }

    internal override RecurrentResult? WholeSequence(GraphBuilder g, SequenceRun run)
    {
        if (run.Input.Rank != 3
            || !SingleOperator.TryFind(_activation, run.Input.DType, out Op? activation)
            || !SingleOperator.TryFind(_recurrentActivation, run.Input.DType, out Op? recurrentActivation))
        {
            return null;
        }

        var op = new Runtime.GRU
        {
            Activation = activation,
            RecurrentActivation = recurrentActivation,
            ResetAfter = _resetAfter,
            ReturnSequences = run.ReturnSequences,
            GoBackwards = run.GoBackwards,
            ZeroOutputForMask = run.ZeroOutputForMask,
        };
        return g.GRU(op, run.Input, Read(g, _kernel!), Read(g, _recurrentKernel!), ReadOrNull(g, _bias), run.Mask, run.InitialStates?[0]);
    }

    protected override void Build(SymbolicShape input)
    {
        _kernel = AddWeight("kernel", [Known(input[-1], "last axis"), _units * 3]);
        _recurrentKernel = AddWeight("recurrent_kernel", [_units, _units * 3]);
        _bias = !_useBias ? null : _resetAfter ? AddWeight("bias", [2, _units * 3]) : AddWeight("bias", [_units * 3]);
    }

    private (Value? Input, Value? State) Biases(GraphBuilder g)
    {
        if (_bias is null || !_resetAfter)
        {
            return (ReadOrNull(g, _bias), null);
        }

        IReadOnlyList<Value> rows = g.Split(Read(g, _bias), 0, 2);
        return (rows[0], rows[1]);
    }

    private static Value Plus(GraphBuilder g, Value x, Value? bias) => bias is null ? x : g.Add(x, bias);
}
