using System.Numerics;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// With <c>z = x·K + b + h·R</c> cut into i, f, g, o: <c>c' = ρ(f)⊙c + ρ(i)⊙a(g)</c>, <c>h' = ρ(o)⊙a(c')</c>, along time. ONNX LSTM, in Keras's
/// layout: batch first, gates in the order i, f, c, o, biases as one.
/// </summary>
/// <inheritdoc cref="RecurrentOp" path="/remarks"/>
public sealed record LSTM : RecurrentOp, IFloatingKernel
{
    /// <summary>The function ρ of the gates: an operator of one input, or null for none.</summary>
    public Op? RecurrentActivation { get; init; }

    internal override int StateCount => 2;

    internal override int Gates => 4;

    internal override RecurrentKind Kind => RecurrentKind.Lstm;

    internal override Op? GateActivation => RecurrentActivation;

    internal override CpuKernel Bind(CpuBinding binding) =>
        PackedRecurrence.TryMake(binding, this) ?? binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => new Cell<T>(binding, this).Run;

    private sealed class Cell<T> : RecurrentCell<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private const int I = 0, F = 1, G = 2, O = 3;
        private readonly Activated[] _gates;
        private readonly Activated _c;

        public Cell(CpuBinding binding, LSTM op)
            : base(binding, op)
        {
            _gates = [Apply(op.RecurrentActivation), Apply(op.RecurrentActivation), Apply(op.Activation), Apply(op.RecurrentActivation)];
            _c = Apply(op.Activation);
        }

        protected override void Step(CpuFrame frame, int time)
        {
            for (int gate = 0; gate < _gates.Length; gate++)
            {
                for (int row = 0; row < Batch; row++)
                {
                    Span<T> z = Row(frame, _gates[gate].Before, row);
                    Input(frame, gate, row, time).CopyTo(z);
                    AddRecurrent(frame, State(frame, 0, row), gate, z);
                }

                _gates[gate].Apply(frame);
            }

            for (int row = 0; row < Batch; row++)
            {
                Span<T> c = Row(frame, _c.Before, row), before = State(frame, 1, row);
                Span<T> i = Row(frame, _gates[I].After, row), f = Row(frame, _gates[F].After, row), g = Row(frame, _gates[G].After, row);
                for (int k = 0; k < c.Length; k++)
                {
                    c[k] = (f[k] * before[k]) + (i[k] * g[k]);
                }

                if (Counts(frame, row, time))
                {
                    c.CopyTo(before);
                }
            }

            _c.Apply(frame);
            for (int row = 0; row < Batch; row++)
            {
                if (Counts(frame, row, time))
                {
                    Span<T> h = State(frame, 0, row), o = Row(frame, _gates[O].After, row), c = Row(frame, _c.After, row);
                    for (int k = 0; k < h.Length; k++)
                    {
                        h[k] = o[k] * c[k];
                    }
                }
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>A long short-term memory over x (batch, time, features); its states are h and c.</summary>
    public RecurrentResult LSTM(LSTM op, Value x, Value kernel, Value recurrentKernel, Value? bias = null, Value? mask = null, IReadOnlyList<Value>? initialStates = null) =>
        ApplyRecurrent(op, x, kernel, recurrentKernel, bias, mask, initialStates);
}
