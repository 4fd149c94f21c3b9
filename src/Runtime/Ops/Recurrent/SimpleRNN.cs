using System.Numerics;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary><c>h' = activation(x·K + b + h·R)</c> along time. ONNX RNN, in Keras's layout: batch first, biases as one.</summary>
/// <inheritdoc cref="RecurrentOp" path="/remarks"/>
public sealed record SimpleRNN : RecurrentOp, IFloatingKernel
{
    internal override int StateCount => 1;

    internal override int Gates => 1;

    internal override RecurrentKind Kind => RecurrentKind.Simple;

    internal override Op? GateActivation => null;

    internal override CpuKernel Bind(CpuBinding binding) =>
        PackedRecurrence.TryMake(binding, this) ?? binding.Floating(this);

    CpuKernel IFloatingKernel.Make<T>(CpuBinding binding) => new Cell<T>(binding, this).Run;

    private sealed class Cell<T> : RecurrentCell<T>
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly Activated _h;

        public Cell(CpuBinding binding, SimpleRNN op)
            : base(binding, op) => _h = Apply(op.Activation);

        protected override void Step(CpuFrame frame, int time)
        {
            for (int row = 0; row < Batch; row++)
            {
                Span<T> z = Row(frame, _h.Before, row);
                Input(frame, 0, row, time).CopyTo(z);
                AddRecurrent(frame, State(frame, 0, row), 0, z);
            }

            _h.Apply(frame);
            for (int row = 0; row < Batch; row++)
            {
                if (Counts(frame, row, time))
                {
                    Row(frame, _h.After, row).CopyTo(State(frame, 0, row));
                }
            }
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>A simple recurrent net over x (batch, time, features).</summary>
    public RecurrentResult SimpleRNN(SimpleRNN op, Value x, Value kernel, Value recurrentKernel, Value? bias = null, Value? mask = null, Value? initialState = null) =>
        ApplyRecurrent(op, x, kernel, recurrentKernel, bias, mask, initialState is null ? null : [initialState]);
}
