using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>
/// An LSTM step whose gates also see the memory (Gers and Schmidhuber 2000): <c>i = ρ(z_i + p_i⊙c)</c>, <c>f = ρ(z_f + p_f⊙c)</c>,
/// <c>o = ρ(z_o + p_o⊙c')</c>; the rest as <see cref="LSTMCell"/>.
/// </summary>
/// <remarks>
/// Config as <see cref="LSTMCell"/>. Weights: those of LSTMCell, then <c>input_gate_peephole_weights</c>,
/// <c>forget_gate_peephole_weights</c>, <c>output_gate_peephole_weights</c> (u). Only in tf.keras (<c>experimental</c>).
/// </remarks>
internal sealed class PeepholeLSTMCell(LayerConfig config) : LSTMCell(config)
{
    private readonly Dictionary<int, Weight> _peepholes = [];

    internal override RecurrentResult? WholeSequence(GraphBuilder g, SequenceRun run) => null;

    protected override Value Peek(GraphBuilder g, Value z, Value memory, int gate) => g.Add(z, g.Mul(Read(g, _peepholes[gate]), memory));

    protected override void Build(SymbolicShape input)
    {
        base.Build(input);
        _peepholes[0] = AddWeight("input_gate_peephole_weights", [Units]);
        _peepholes[1] = AddWeight("forget_gate_peephole_weights", [Units]);
        _peepholes[3] = AddWeight("output_gate_peephole_weights", [Units]);
    }
}
