using System.Numerics;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>z = ρ(x·K_z + h·R_z)</c>, <c>r = ρ(x·K_r + h·R_r)</c>, <c>h' = z⊙h + (1 − z)⊙n</c>, along time, with <c>n = a(x·K_h + r⊙(h·R_h))</c> where
/// the reset comes after the product, else <c>n = a(x·K_h + (r⊙h)·R_h)</c>. ONNX GRU, in Keras's layout: batch first, gates in the order
/// z, r, h; the bias (3 · units) belongs to the input's side, or has two rows, input's and state's, where the reset comes after.
/// </summary>
/// <inheritdoc cref="RecurrentOp" path="/remarks"/>
public sealed record GRU : RecurrentOp, IFloatingKernel
{
    /// <summary>The function ρ of the gates: an operator of one input, or null for none.</summary>
    public Op? RecurrentActivation { get; init; }

    /// <summary>Whether the reset gate is applied after the product (Keras's default since 2.1's CuDNNGRU).</summary>
    public bool ResetAfter { get; init; } = true;

    internal override int StateCount => 1;

    internal override int Gates => 3;

    internal override SymbolicShape BiasShape(Dim units) => ResetAfter ? new SymbolicShape(2, units * 3) : base.BiasShape(units);

    internal override RecurrentKind Kind => ResetAfter ? RecurrentKind.GruResetAfter : RecurrentKind.GruResetBefore;

    internal override Op? GateActivation => RecurrentActivation;

    internal override CpuKernel Bind(CpuBinding binding) =>
        PackedRecurrence.TryMake(binding, this) ?? binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => new Cell<T>(binding, this).Run;

    private sealed class Cell<T> : RecurrentCell<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private const int Z = 0, R = 1, N = 2;
        private readonly bool _resetAfter;
        private readonly Activated[] _gates;
        private readonly Slot _reset;

        public Cell(CpuBinding binding, GRU op)
            : base(binding, op)
        {
            _resetAfter = op.ResetAfter;
            _gates = [Apply(op.RecurrentActivation), Apply(op.RecurrentActivation), Apply(op.Activation)];
            _reset = Matrix();
        }

        protected override void Step(CpuFrame frame, int time)
        {
            for (int gate = Z; gate <= R; gate++)
            {
                for (int row = 0; row < Batch; row++)
                {
                    Span<T> y = Row(frame, _gates[gate].Before, row);
                    Input(frame, gate, row, time).CopyTo(y);
                    AddRecurrent(frame, State(frame, 0, row), gate, y);
                    AddBias(frame, gate, y);
                }

                _gates[gate].Apply(frame);
            }

            for (int row = 0; row < Batch; row++)
            {
                Candidate(frame, row, time);
            }

            _gates[N].Apply(frame);
            for (int row = 0; row < Batch; row++)
            {
                if (Counts(frame, row, time))
                {
                    Span<T> h = State(frame, 0, row), z = Row(frame, _gates[Z].After, row), n = Row(frame, _gates[N].After, row);
                    for (int k = 0; k < h.Length; k++)
                    {
                        h[k] = (z[k] * h[k]) + ((T.One - z[k]) * n[k]);
                    }
                }
            }
        }

        private void Candidate(CpuFrame frame, int row, int time)
        {
            Span<T> y = Row(frame, _gates[N].Before, row), r = Row(frame, _gates[R].After, row), reset = Row(frame, _reset, row), h = State(frame, 0, row);
            Input(frame, N, row, time).CopyTo(y);
            if (!_resetAfter)
            {
                for (int k = 0; k < reset.Length; k++)
                {
                    reset[k] = r[k] * h[k];
                }

                AddRecurrent(frame, reset, N, y);
                return;
            }

            reset.Clear();
            AddRecurrent(frame, h, N, reset);
            AddBias(frame, N, reset);
            for (int k = 0; k < reset.Length; k++)
            {
                y[k] += r[k] * reset[k];
            }
        }

        private void AddBias(CpuFrame frame, int gate, Span<T> y)
        {
            ReadOnlySpan<T> bias = _resetAfter ? RecurrentBias(frame, gate) : default;
            for (int k = 0; k < bias.Length; k++)
            {
                y[k] += bias[k];
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Gated recurrent units over x (batch, time, features).</summary>
    public RecurrentResult GRU(GRU op, Value x, Value kernel, Value recurrentKernel, Value? bias = null, Value? mask = null, Value? initialState = null) =>
        ApplyRecurrent(op, x, kernel, recurrentKernel, bias, mask, initialState is null ? null : [initialState]);
}
