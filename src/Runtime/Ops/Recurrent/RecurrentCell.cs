using System.Numerics;
using System.Numerics.Tensors;
using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// The loop over time of a recurrent operator, in plain code for any floating type and any activation. Gates are computed for the whole
/// batch, one matrix (batch, units) a gate; rows that the mask hides do not take their new states.
/// </summary>
/// <remarks>The state h lies where the operator's second output lies, further states after it.</remarks>
internal abstract class RecurrentCell<T>
    where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly RecurrentOp _op;
    private readonly Slot _x, _kernel, _recurrent, _output, _projected;
    private readonly Slot? _bias, _mask;
    private readonly Slot?[] _initial;
    private readonly Slot[] _states;
    private readonly CpuBinding _binding;
    private readonly int _time, _features, _width;

    protected RecurrentCell(CpuBinding binding, RecurrentOp op)
    {
        _binding = binding;
        _op = op;
        (_x, _kernel, _recurrent) = (binding.Input(RecurrentOp.X), binding.Input(RecurrentOp.Kernel), binding.Input(RecurrentOp.RecurrentKernel));
        _bias = binding.Has(RecurrentOp.Bias) ? binding.Input(RecurrentOp.Bias) : null;
        _mask = binding.Has(RecurrentOp.Mask) ? binding.Input(RecurrentOp.Mask) : null;
        _initial = [.. Enumerable.Range(RecurrentOp.FirstState, op.StateCount).Select(i => binding.Has(i) ? binding.Input(i) : (Slot?)null)];
        _output = binding.Output(0);
        _states = [.. Enumerable.Range(1, op.StateCount).Select(binding.Output)];
        (Batch, _time, _features) = (_x.Shape[0], _x.Shape[1], _x.Shape[2]);
        (Units, _width) = (_recurrent.Shape[0], _recurrent.Shape[1]);
        _projected = binding.Workspace(_x.DType, Batch * _time * _width);
    }

    protected int Batch { get; }

    protected int Units { get; }

    /// <summary>The operator's work.</summary>
    public void Run(CpuFrame frame)
    {
        Project(frame);
        for (int i = 0; i < _states.Length; i++)
        {
            if (_initial[i] is { } initial)
            {
                frame.Span<T>(initial).CopyTo(frame.Span<T>(_states[i]));
            }
            else
            {
                frame.Span<T>(_states[i]).Clear();
            }
        }

        if (!_op.ReturnSequences)
        {
            frame.Span<T>(_output).Clear();
        }

        for (int step = 0; step < _time; step++)
        {
            int at = _op.GoBackwards ? _time - 1 - step : step;
            Step(frame, at);
            for (int row = 0; row < Batch; row++)
            {
                Write(frame, row, step, Counts(frame, row, at));
            }
        }
    }

    /// <summary>Computes the states after the step at a time, for the rows that <see cref="Counts"/>.</summary>
    protected abstract void Step(CpuFrame frame, int time);

    /// <summary>Whether a row's step is not masked.</summary>
    protected bool Counts(CpuFrame frame, int row, int time) => _mask is not { } mask || frame.Span<bool>(mask)[(row * _time) + time];

    /// <summary>A state's row.</summary>
    protected Span<T> State(CpuFrame frame, int state, int row) => frame.Span<T>(_states[state]).Slice(row * Units, Units);

    /// <summary>Memory for a matrix (batch, units).</summary>
    protected Slot Matrix() => _binding.Workspace(_x.DType, Batch * Units) with { Shape = new Shape(Batch, Units) };

    /// <summary>A row of a matrix (batch, units).</summary>
    protected Span<T> Row(CpuFrame frame, Slot matrix, int row) => frame.Span<T>(matrix).Slice(row * Units, Units);

    /// <summary>The kernel that applies an activation to a matrix; where there is none, both are the same matrix.</summary>
    protected Activated Apply(Op? activation)
    {
        Slot before = Matrix();
        if (activation is null)
        {
            return new Activated(before, before, static _ => { });
        }

        Slot after = Matrix();
        return new Activated(before, after, _binding.Inner(activation, before, after));
    }

    /// <summary>What the input gives a gate: <c>x·K + b</c> at a time.</summary>
    protected ReadOnlySpan<T> Input(CpuFrame frame, int gate, int row, int time) =>
        frame.Span<T>(_projected).Slice((((row * _time) + time) * _width) + (gate * Units), Units);

    /// <summary>Adds what a row of states gives a gate: <c>h·R</c>.</summary>
    protected void AddRecurrent(CpuFrame frame, ReadOnlySpan<T> h, int gate, Span<T> y)
    {
        ReadOnlySpan<T> recurrent = frame.Span<T>(_recurrent);
        for (int i = 0; i < h.Length; i++)
        {
            TensorPrimitives.MultiplyAdd(recurrent.Slice((i * _width) + (gate * Units), Units), h[i], y, y);
        }
    }

    /// <summary>The second row of a bias (2, gates · units): the part of a gate that belongs to the state's side.</summary>
    protected ReadOnlySpan<T> RecurrentBias(CpuFrame frame, int gate) =>
        _bias is { } bias ? frame.Span<T>(bias).Slice(_width + (gate * Units), Units) : default;

    private void Project(CpuFrame frame)
    {
        ReadOnlySpan<T> x = frame.Span<T>(_x), kernel = frame.Span<T>(_kernel);
        ReadOnlySpan<T> bias = _bias is { } slot ? frame.Span<T>(slot)[.._width] : default;
        Span<T> projected = frame.Span<T>(_projected);
        for (int row = 0; row < Batch * _time; row++)
        {
            Span<T> y = projected.Slice(row * _width, _width);
            if (bias.IsEmpty)
            {
                y.Clear();
            }
            else
            {
                bias.CopyTo(y);
            }

            for (int i = 0; i < _features; i++)
            {
                TensorPrimitives.MultiplyAdd(kernel.Slice(i * _width, _width), x[(row * _features) + i], y, y);
            }
        }
    }

    private void Write(CpuFrame frame, int row, int step, bool counts)
    {
        Span<T> output = frame.Span<T>(_output);
        int steps = _op.ReturnSequences ? _time : 1, at = _op.ReturnSequences ? Place(step) : 0;
        Span<T> y = output.Slice(((row * steps) + at) * Units, Units);
        if (counts)
        {
            State(frame, 0, row).CopyTo(y);
        }
        else if (_op.ZeroOutputForMask || (_op.ReturnSequences && step == 0))
        {
            y.Clear();
        }
        else if (_op.ReturnSequences)
        {
            output.Slice(((row * steps) + Place(step - 1)) * Units, Units).CopyTo(y);
        }
    }

    private int Place(int step) => _op.ReverseOutput ? _time - 1 - step : step;

    /// <summary>A matrix before and after an activation.</summary>
    protected sealed record Activated(Slot Before, Slot After, CpuKernel Apply);
}
