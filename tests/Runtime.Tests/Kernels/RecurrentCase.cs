namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;
using KerasCompat.Runtime.Cpu.Kernels.Functions;

/// <summary>
/// A recurrent layer with random weights, inputs and options, and what Keras's step formulas make of it in double.
/// </summary>
internal sealed unsafe class RecurrentCase
{
    private readonly RecurrentKind _kind;
    private readonly int _batch;
    private readonly int _time;
    private readonly int _inputs;
    private readonly int _units;
    private readonly int _gates;
    private readonly float[] _kernel;
    private readonly float[] _recurrent;
    private readonly float[] _bias;
    private readonly float[] _embedding;
    private readonly int[] _tokens;
    private readonly float[] _x;
    private readonly byte[]? _mask;
    private readonly float[]? _hidden;
    private readonly float[]? _cell;
    private readonly bool _backwards;
    private readonly bool _reverseY;
    private readonly bool _zeroMasked;
    private readonly bool _useTable;

    public RecurrentCase(RecurrentKind kind, int batch, int time, int inputs, int units, int seed)
    {
        const int Vocabulary = 11;
        Random random = new(seed);
        (_kind, _batch, _time, _inputs, _units) = (kind, batch, time, inputs, units);
        _gates = kind switch { RecurrentKind.Simple => 1, RecurrentKind.Lstm => 4, _ => 3 };
        _kernel = KernelData.Random(seed, inputs * _gates * units);
        _recurrent = [.. KernelData.Random(seed + 1, units * _gates * units).Select(v => v / MathF.Sqrt(units))];
        int biases = kind == RecurrentKind.GruResetAfter ? 2 : 1;
        _bias = random.Next(4) == 0 ? [] : KernelData.Random(seed + 2, biases * _gates * units);
        _embedding = KernelData.Random(seed + 3, Vocabulary * inputs);
        _tokens = [.. Enumerable.Range(0, batch * time).Select(_ => random.Next(Vocabulary))];
        _x = [.. _tokens.SelectMany(token => _embedding.Skip(token * inputs).Take(inputs))];
        _backwards = random.Next(2) == 0;
        _reverseY = random.Next(2) == 0;
        _zeroMasked = random.Next(2) == 0;
        _useTable = random.Next(2) == 0;
        _hidden = random.Next(2) == 0 ? KernelData.Random(seed + 4, batch * units) : null;
        _cell = random.Next(2) == 0 ? KernelData.Random(seed + 5, batch * units) : null;
        if (random.Next(3) > 0)
        {
            // Rows with holes; row 1 is all masked, row 2 padded at the front.
            _mask = [.. Enumerable.Range(0, batch * time).Select(i => (byte)(i / time == 1 || (i / time == 2 && i % time < 3) || random.Next(3) == 0 ? 0 : 1))];
        }
    }

    public sealed record Results(float[] Y, float[] LastOutput, float[] LastHidden, float[] LastCell);

    /// <param name="gate">The gates' activation.</param>
    /// <param name="allocated">Takes the bytes that the last of three runs allocates.</param>
    /// <param name="late">Milliseconds that the second of two threads comes late to their first meeting; null for the usual way.</param>
    public Results Run(GateFunction gate, long[]? allocated = null, int? late = null)
    {
        RecurrentWeights weights = new(_kind, _inputs, _units, _kernel, _recurrent, _bias);
        AlignedBuffer table = weights.Premultiply(_embedding, _embedding.Length / _inputs);
        Results results = new(
            KernelData.Workspace(_batch * _time * _units), KernelData.Workspace(_batch * _units),
            KernelData.Workspace(_batch * _units), KernelData.Workspace(_batch * _units));
        float[] workspace = KernelData.Workspace(Recurrent.WorkspaceFloats(weights, _batch, _time));
        fixed (float* x = _x, y = results.Y, lastOutput = results.LastOutput, lastHidden = results.LastHidden)
        fixed (float* lastCell = results.LastCell, hidden = _hidden, cell = _cell)
        fixed (byte* mask = _mask)
        fixed (int* tokens = _tokens)
        {
            RecurrentArguments arguments = new()
            {
                Batch = _batch,
                Time = _time,
                X = x,
                XBatchStride = _time * _inputs,
                XTimeStride = _inputs,
                Table = _useTable ? table.Pointer : null,
                Tokens = tokens,
                Mask = mask,
                Backwards = _backwards,
                ReverseY = _reverseY,
                ZeroMasked = _zeroMasked,
                InitialHidden = hidden,
                InitialCell = cell,
                Y = y,
                YBatchStride = _time * _units,
                YTimeStride = _units,
                LastOutput = lastOutput,
                LastHidden = lastHidden,
                LastCell = lastCell,
            };
            for (int round = 0; round < (allocated is null ? 1 : 3); round++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                if (late is { } milliseconds)
                {
                    RunAsGang(weights, arguments, milliseconds);
                }
                else
                {
                    Recurrent.Run(weights, ActivationKind.Tanh, gate, arguments, workspace);
                }

                if (allocated is not null)
                {
                    allocated[0] = GC.GetAllocatedBytesForCurrentThread() - before;
                }
            }

            GC.KeepAlive(table);
        }

        return results;
    }

    private static void RunAsGang(RecurrentWeights weights, RecurrentArguments arguments, int late)
    {
        RecurrentPlan plan = new(weights, arguments.Batch, arguments.Time, threads: 2);
        Assert.True(plan.IsGang);
        fixed (float* workspace = KernelData.Workspace(plan.WorkspaceFloats))
        {
            RecurrentParts<Tanh, Sigmoid> parts = new() { Weights = weights, Arguments = arguments, Plan = plan, Workspace = workspace };
            SpinBarrier barrier = new();
            barrier.Reset(2);
            Thread second = new(() =>
            {
                Thread.Sleep(late);
                parts.Run(1, 2, barrier);
            });
            second.Start();
            parts.Run(0, 2, barrier);
            second.Join();
            Assert.True(barrier.IsBroken || late == 0);
        }
    }

    public long AllocatedBytes()
    {
        long[] allocated = [-1];
        Run(ActivationKind.Sigmoid, allocated);
        return allocated[0];
    }

    public void Check(GateFunction gate)
    {
        Results results = Run(gate);
        double[] y = new double[_batch * _time * _units];
        double[] lastOutput = new double[_batch * _units];
        double[] hidden = [.. Enumerable.Range(0, _batch * _units).Select(i => (double)(_hidden?[i] ?? 0f))];
        double[] cell = [.. Enumerable.Range(0, _batch * _units).Select(i => (double)(_cell?[i] ?? 0f))];
        for (int row = 0; row < _batch; row++)
        {
            double[] h = hidden[(row * _units)..((row + 1) * _units)];
            double[] c = cell[(row * _units)..((row + 1) * _units)];
            double[] output = new double[_units];
            for (int step = 0; step < _time; step++)
            {
                int time = _backwards ? _time - 1 - step : step;
                bool kept = _mask is null || _mask[(row * _time) + time] != 0;
                if (kept)
                {
                    Step(_x.AsSpan(((row * _time) + time) * _inputs, _inputs), ref h, c, gate);
                    output = h;
                }
                else if (_zeroMasked)
                {
                    output = new double[_units];
                }

                output.CopyTo(y, ((row * _time) + (_reverseY ? _time - 1 - step : step)) * _units);
            }

            output.CopyTo(lastOutput, row * _units);
            h.CopyTo(hidden, row * _units);
            c.CopyTo(cell, row * _units);
        }

        string what = $"{_kind} {_batch} x {_time} x {_inputs} -> {_units}";
        KernelData.AssertClose(y, results.Y, 2e-5, what + " y");
        KernelData.AssertClose(lastOutput, results.LastOutput, 2e-5, what + " last output");
        KernelData.AssertClose(hidden, results.LastHidden, 2e-5, what + " hidden");
        if (_kind == RecurrentKind.Lstm)
        {
            KernelData.AssertClose(cell, results.LastCell, 2e-5, what + " cell");
        }
    }

    private void Step(ReadOnlySpan<float> x, ref double[] h, double[] c, GateFunction gate)
    {
        double[] next = new double[_units];
        double[] reset = new double[_units];
        if (_kind == RecurrentKind.GruResetBefore)
        {
            for (int unit = 0; unit < _units; unit++)
            {
                reset[unit] = h[unit] * Gate(gate, Input(x, 1, unit) + FromState(h, 1, unit));
            }
        }

        double[] cells = [.. c];
        for (int unit = 0; unit < _units; unit++)
        {
            switch (_kind)
            {
                case RecurrentKind.Simple:
                    next[unit] = Math.Tanh(Input(x, 0, unit) + FromState(h, 0, unit));
                    break;
                case RecurrentKind.Lstm:
                    double i = Gate(gate, Input(x, 0, unit) + FromState(h, 0, unit));
                    double f = Gate(gate, Input(x, 1, unit) + FromState(h, 1, unit));
                    double g = Math.Tanh(Input(x, 2, unit) + FromState(h, 2, unit));
                    double o = Gate(gate, Input(x, 3, unit) + FromState(h, 3, unit));
                    cells[unit] = (f * c[unit]) + (i * g);
                    next[unit] = o * Math.Tanh(cells[unit]);
                    break;
                case RecurrentKind.GruResetAfter:
                    double z = Gate(gate, Input(x, 0, unit) + FromState(h, 0, unit) + RecurrentBias(0, unit));
                    double r = Gate(gate, Input(x, 1, unit) + FromState(h, 1, unit) + RecurrentBias(1, unit));
                    double n = Math.Tanh(Input(x, 2, unit) + (r * (FromState(h, 2, unit) + RecurrentBias(2, unit))));
                    next[unit] = (z * h[unit]) + ((1 - z) * n);
                    break;
                default:
                    double update = Gate(gate, Input(x, 0, unit) + FromState(h, 0, unit));
                    double candidate = Math.Tanh(Input(x, 2, unit) + FromState(reset, 2, unit));
                    next[unit] = (update * h[unit]) + ((1 - update) * candidate);
                    break;
            }
        }

        cells.CopyTo(c, 0);
        h = next;
    }

    private double Input(ReadOnlySpan<float> x, int gate, int unit)
    {
        int column = (gate * _units) + unit;
        double sum = _bias.Length == 0 ? 0 : _bias[column];
        for (int k = 0; k < x.Length; k++)
        {
            sum += x[k] * (double)_kernel[(k * _gates * _units) + column];
        }

        return sum;
    }

    private double FromState(double[] h, int gate, int unit)
    {
        double sum = 0;
        for (int k = 0; k < _units; k++)
        {
            sum += h[k] * _recurrent[(k * _gates * _units) + (gate * _units) + unit];
        }

        return sum;
    }

    private double RecurrentBias(int gate, int unit) =>
        _bias.Length == 0 ? 0 : _bias[((_gates + gate) * _units) + unit];

    private static double Gate(GateFunction gate, double x)
    {
        if (gate.Other is not null)
        {
            return x / (2 + Math.Abs(x));
        }

        return gate.Known.Kind == ActivationKind.Sigmoid
            ? 1 / (1 + Math.Exp(-x))
            : Math.Clamp((gate.Known.Alpha * x) + gate.Known.Beta, 0, 1);
    }
}
