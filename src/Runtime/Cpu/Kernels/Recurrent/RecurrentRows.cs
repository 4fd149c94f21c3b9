using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The rows of one part through all time steps, as one thread does them: alone, or as a member of a gang that does its
/// share of the units and of the projection.
/// </summary>
/// <remarks>
/// The hidden state exists twice: a step reads one and writes the other, so that the members need to meet only once a
/// step. Each row has its own side, which a masked step does not change. Every member finds out for itself which
/// rows move; they all come to the same result.
/// </remarks>
internal unsafe struct RecurrentRows<TActivation, TGate> : ILaneBody
    where TActivation : struct, IUnary
    where TGate : struct, IUnary
{
    /// <summary>Bytes of weights that fit the first-level cache beside everything else.</summary>
    private const int NearestCache = 32 * 1024;

    private readonly RecurrentWeights _weights;
    private readonly TActivation _activation;
    private readonly TGate _gate;
    private readonly RecurrentArguments _arguments;
    private readonly int _chunkSteps;
    private readonly int _firstRow;
    private readonly int _rows;
    private readonly int _member;
    private readonly SpinBarrier? _barrier;
    private int _members;
    private bool _left;

    // Shared by the gang.
    private readonly float* _hidden;
    private readonly int _stateFloats;
    private readonly float* _cell;
    private readonly float* _reset;
    private readonly float* _projected;

    // This thread's.
    private readonly nint* _offsets;
    private readonly float** _sources;
    private readonly float** _inputs;
    private readonly int* _moving;
    private readonly int* _side;
    private readonly float* _sums;
    private readonly float* _narrowSums;
    private readonly float* _gemmWorkspace;

    public RecurrentRows(
        RecurrentWeights weights, TActivation activation, TGate gate, in RecurrentArguments arguments, in RecurrentPlan plan,
        int firstRow, int rows, float* shared, float* own, int member, int members, SpinBarrier? barrier)
    {
        _weights = weights;
        _activation = activation;
        _gate = gate;
        _arguments = arguments;
        _chunkSteps = plan.ChunkSteps;
        _firstRow = firstRow;
        _rows = rows;
        _member = member;
        _members = members;
        _barrier = barrier;

        shared = Align(shared);
        _stateFloats = plan.StateFloats;
        _hidden = shared;
        _cell = shared + (2 * _stateFloats);
        _reset = shared + (3 * _stateFloats);
        bool needsMore = weights.Kind is RecurrentKind.Lstm or RecurrentKind.GruResetBefore;
        _projected = shared + ((needsMore ? 4 : 2) * _stateFloats);

        own = Align(own);
        _sums = own;
        own += RecurrentPlan.TileFloats;
        _narrowSums = own;
        own += RecurrentPlan.TileFloats;
        _offsets = (nint*)own;
        own += 2 * plan.ChunkSteps * plan.Rows;
        _sources = (float**)own;
        own += 2 * (plan.Rows + 8);
        _inputs = (float**)own;
        own += 2 * (plan.Rows + 8);
        _moving = (int*)own;
        own += plan.Rows + 8;
        _side = (int*)own;
        own += plan.Rows + 8;
        _gemmWorkspace = own;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>()
        where V : struct, ILanes<V>
    {
        Begin();
        Meet();
        int time = _arguments.Time;
        for (int step = 0; step < time && !_left; step += _chunkSteps)
        {
            int steps = Math.Min(_chunkSteps, time - step);
            Project(step, steps);
            int projected = 0;
            for (int s = step; s < step + steps && !_left; s++)
            {
                projected += Step<V>(s, projected);
            }
        }

        End();
    }

    // ---- before and after the steps

    private readonly void Begin()
    {
        int padded = _weights.PaddedUnits;
        for (int row = 0; row < _rows; row++)
        {
            _side[row] = 0;
            if (_member != 0)
            {
                continue;
            }

            Fill(_hidden + ((nint)row * padded), _arguments.InitialHidden, row);
            if (_weights.Kind == RecurrentKind.Lstm)
            {
                Fill(_cell + ((nint)row * padded), _arguments.InitialCell, row);
            }
        }
    }

    private readonly void Fill(float* state, float* initial, int row)
    {
        int units = _weights.Units;
        Span<float> target = new(state, _weights.PaddedUnits);
        target.Clear();
        if (initial != null)
        {
            new ReadOnlySpan<float>(initial + ((nint)(_firstRow + row) * units), units).CopyTo(target);
        }
    }

    private readonly void End()
    {
        if (_member != 0)
        {
            return;
        }

        for (int row = 0; row < _rows; row++)
        {
            nint target = (nint)(_firstRow + row) * _weights.Units;
            float* hidden = Hidden(row, _side[row]);
            Copy(hidden, _arguments.LastHidden, target);
            Copy(_cell + ((nint)row * _weights.PaddedUnits), _weights.Kind == RecurrentKind.Lstm ? _arguments.LastCell : null, target);
            if (_arguments.LastOutput == null)
            {
                continue;
            }

            int time = _arguments.Time;
            bool isOutput = _arguments.ZeroMasked ? time > 0 && IsKept(row, time - 1) : HasMoved(row);
            if (isOutput)
            {
                Copy(hidden, _arguments.LastOutput, target);
            }
            else
            {
                new Span<float>(_arguments.LastOutput + target, _weights.Units).Clear();
            }
        }
    }

    private readonly void Copy(float* state, float* target, nint offset)
    {
        if (target != null)
        {
            new ReadOnlySpan<float>(state, _weights.Units).CopyTo(new Span<float>(target + offset, _weights.Units));
        }
    }

    private readonly bool HasMoved(int row)
    {
        for (int step = 0; step < _arguments.Time; step++)
        {
            if (IsKept(row, step))
            {
                return true;
            }
        }

        return false;
    }

    // ---- the projection of a chunk: x·K + b for the steps that count, ordered by step, then row

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Project(int firstStep, int steps)
    {
        if (_arguments.Table != null)
        {
            return;
        }

        int count = 0;
        for (int step = firstStep; step < firstStep + steps; step++)
        {
            int time = TimeOf(step);
            for (int row = 0; row < _rows; row++)
            {
                if (IsKept(row, step))
                {
                    _offsets[count++] = ((_firstRow + row) * _arguments.XBatchStride) + (time * _arguments.XTimeStride);
                }
            }
        }

        int from = (int)((long)count * _member / _members);
        int end = (int)((long)count * (_member + 1) / _members);
        int stride = _weights.GateFloats;
        Epilogue epilogue = new() { Bias = _weights.InputBias };
        Span<float> workspace = new(_gemmWorkspace, GemmBlocks.RowBlockFloats(GemmBlocks.Rows));

        // The sums of a few rows run in another order, so which product is used must not depend on the threads.
        if ((long)_arguments.Batch * _arguments.Time <= FewRowsProduct.MaxRows)
        {
            for (int i = from; i < end; i++)
            {
                Gemm.Multiply(_arguments.X + _offsets[i], 0, _weights.Input, _projected + ((nint)i * stride), stride, 1, epilogue, workspace);
            }
        }
        else if (end > from)
        {
            ScatteredRows source = new(_arguments.X, _offsets + from);
            Gemm.MultiplyRows(source, _weights.Input, _projected + ((nint)from * stride), stride, end - from, epilogue, workspace);
        }

        Meet();
    }

    // ---- a step: returns how many rows moved

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Step<V>(int step, int projected)
        where V : struct, ILanes<V>
    {
        int moving = FindMoving(step, projected);
        if (moving > 0)
        {
            // Every other step goes through the blocks backwards: what was read last is still in the nearest cache.
            bool backwards = (step & 1) != 0;
            switch (_weights.Kind)
            {
                case RecurrentKind.Lstm:
                    Phase<V, Gates4, LstmCell>(0, step, moving, backwards);
                    break;
                case RecurrentKind.GruResetAfter:
                    Phase<V, Gates3, GruResetAfterCell>(0, step, moving, backwards);
                    break;
                case RecurrentKind.GruResetBefore:
                    Phase<V, Gates2, GruGates>(0, step, moving, backwards);
                    Meet();
                    PointSourcesAtReset(moving);
                    if (!_left)
                    {
                        Phase<V, Gates1, GruCandidate>(1, step, moving, backwards);
                    }

                    break;
                default:
                    Phase<V, Gates1, SimpleCell>(0, step, moving, backwards);
                    break;
            }

            if (_left)
            {
                return moving;
            }

            Meet();
            for (int i = 0; i < moving; i++)
            {
                _side[_moving[i]] ^= 1;
            }
        }

        if (moving < _rows && _arguments.Y != null && _member == 0)
        {
            RepeatOutputs(step);
        }

        return moving;
    }

    // Lists the rows that move, the state each reads, and its projected input. A table is larger than the nearer caches and its rows
    // are read in no order, so those of the step to come are asked for now.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly int FindMoving(int step, int projected)
    {
        int moving = 0;
        int time = TimeOf(step);
        for (int row = 0; row < _rows; row++)
        {
            if (!IsKept(row, step))
            {
                continue;
            }

            _moving[moving] = row;
            _sources[moving] = Hidden(row, _side[row]);
            _inputs[moving] = _arguments.Table != null
                ? _arguments.Table + ((nint)_arguments.Tokens[((nint)(_firstRow + row) * _arguments.Time) + time] * _weights.TableStride)
                : _projected + ((nint)(projected + moving) * _weights.GateFloats);
            moving++;
        }

        if (_arguments.Table != null && step + 1 < _arguments.Time)
        {
            FetchTableRows(TimeOf(step + 1));
        }

        // A tile of six rows may hold five: the sixth repeats the last.
        for (int i = moving; i < moving + 6 && moving > 0; i++)
        {
            _sources[i] = _sources[moving - 1];
        }

        return moving;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void FetchTableRows(int time)
    {
        const int lineFloats = 16;
        int first = _weights.GateFloats * _member / _members;
        int end = _weights.GateFloats * (_member + 1) / _members;
        for (int row = 0; row < _rows; row++)
        {
            float* inputs = _arguments.Table + ((nint)_arguments.Tokens[((nint)(_firstRow + row) * _arguments.Time) + time] * _weights.TableStride);
            for (int i = first; i < end; i += lineFloats)
            {
                Prefetch.ToSecondLevel(inputs + i);
            }
        }
    }

    private readonly void PointSourcesAtReset(int moving)
    {
        for (int i = 0; i < moving + 6; i++)
        {
            _sources[i] = _reset + ((nint)_moving[Math.Min(i, moving - 1)] * _weights.PaddedUnits);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Phase<V, TGates, TCell>(int phase, int step, int moving, bool backwards)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount
        where TCell : struct, IRecurrentCell
    {
        int blocks = _weights.Blocks;
        int first = blocks * _member / _members;
        int end = blocks * (_member + 1) / _members;
        NarrowBlock narrow = new(_weights.Units, TGates.Count, V.Count);
        if (narrow.Registers > 0 && end == blocks)
        {
            end--;
            Narrow<V, TGates, TCell>(narrow, phase, step, moving);
        }

        if (moving == 1)
        {
            OneRow<V, TGates, TCell>(phase, step, first, end, backwards);
            return;
        }

        for (int i = first; i < end; i++)
        {
            int block = backwards ? first + end - 1 - i : i;
            float* weights = Weights<V, TGates>(phase, block);
            int maxRows = GateTile.MaxRows<V>();
            for (int row = 0; row < moving; row += maxRows)
            {
                int count = Math.Min(maxRows, moving - row);
                GateTile.Run<V, TGates>(_sources + row, count, weights, _weights.Units, _sums);
                for (int r = 0; r < count; r++)
                {
                    Update<V, TGates, TCell>(row + r, block, step, _sums + (r * TGates.Count * V.Count));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void OneRow<V, TGates, TCell>(int phase, int step, int first, int end, bool backwards)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount
        where TCell : struct, IRecurrentCell
    {
        // Two blocks at once, because one has too few chains to keep the multiply-add units busy. But four gates have almost
        // enough, and weights that come from the second-level cache arrive faster as a single stream.
        bool stays = (end - first) * (long)_weights.Units * TGates.Count * V.Count * sizeof(float) <= NearestCache;
        int together = TGates.Count < 4 || stays ? 2 : 1;
        int groups = (end - first + together - 1) / together;
        for (int i = 0; i < groups; i++)
        {
            int block = first + (together * (backwards ? groups - 1 - i : i));
            float* weights = Weights<V, TGates>(phase, block);
            if (together == 2 && block + 1 < end)
            {
                GateTile.RunPair<V, TGates>(_sources[0], weights, _weights.Units, _sums);
                Update<V, TGates, TCell>(0, block, step, _sums);
                Update<V, TGates, TCell>(0, block + 1, step, _sums + (TGates.Count * V.Count));
            }
            else
            {
                GateTile.Run<V, TGates>(_sources, 1, weights, _weights.Units, _sums);
                Update<V, TGates, TCell>(0, block, step, _sums);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Narrow<V, TGates, TCell>(NarrowBlock narrow, int phase, int step, int moving)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount
        where TCell : struct, IRecurrentCell
    {
        int block = _weights.Blocks - 1;
        int maxRows = GateTile.MaxRows<V>();
        for (int row = 0; row < moving; row += maxRows)
        {
            int count = Math.Min(maxRows, moving - row);
            narrow.Multiply<V>(_sources + row, count, Weights<V, TGates>(phase, block), _weights.Units, _narrowSums);
            for (int r = 0; r < count; r++)
            {
                narrow.Spread<V>(_narrowSums + (r * narrow.Registers * V.Count), _sums + (r * TGates.Count * V.Count));
            }

            for (int r = 0; r < count; r++)
            {
                Update<V, TGates, TCell>(row + r, block, step, _sums + (r * TGates.Count * V.Count));
            }
        }
    }

    private readonly float* Weights<V, TGates>(int phase, int block)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount =>
        _weights.Recurrent(phase) + ((nint)block * _weights.Units * TGates.Count * V.Count);

    /// <summary>The gates of one row's block of units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Update<V, TGates, TCell>(int index, int block, int step, float* sums)
        where V : struct, ILanes<V>
        where TGates : struct, IGateCount
        where TCell : struct, IRecurrentCell
    {
        int row = _moving[index];
        nint unit = (nint)block * V.Count;
        nint state = ((nint)row * _weights.PaddedUnits) + unit;
        CellMemory memory = new()
        {
            Sums = sums,
            Input = _inputs[index] + ((nint)block * _weights.Gates * V.Count),
            Bias = _weights.RecurrentBias + unit,
            Hidden = Hidden(row, _side[row]) + unit,
            Cell = _cell + state,
            Reset = _reset + state,
        };
        V hidden = TCell.Update<V, TActivation, TGate>(_activation, _gate, memory);
        if (!TCell.IsLast)
        {
            return;
        }

        V.Store(hidden, Hidden(row, _side[row] ^ 1) + unit);
        if (_arguments.Y != null)
        {
            float* y = Output(row, step) + unit;
            int lanes = Math.Min(V.Count, _weights.Units - (int)unit);
            if (lanes == V.Count)
            {
                V.Store(hidden, y);
            }
            else
            {
                V.StorePartial(hidden, y, lanes);
            }
        }
    }

    private readonly void RepeatOutputs(int step)
    {
        for (int row = 0; row < _rows; row++)
        {
            if (IsKept(row, step))
            {
                continue;
            }

            Span<float> y = new(Output(row, step), _weights.Units);
            if (_arguments.ZeroMasked || step == 0)
            {
                y.Clear();
            }
            else
            {
                new ReadOnlySpan<float>(Output(row, step - 1), _weights.Units).CopyTo(y);
            }
        }
    }

    // ---- places

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int TimeOf(int step) => _arguments.Backwards ? _arguments.Time - 1 - step : step;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly bool IsKept(int row, int step) =>
        _arguments.Mask == null || _arguments.Mask[((nint)(_firstRow + row) * _arguments.Time) + TimeOf(step)] != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float* Hidden(int row, int side) => _hidden + ((nint)side * _stateFloats) + ((nint)row * _weights.PaddedUnits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly float* Output(int row, int step)
    {
        int at = _arguments.ReverseY ? _arguments.Time - 1 - step : step;
        return _arguments.Y + ((_firstRow + row) * _arguments.YBatchStride) + (at * _arguments.YTimeStride);
    }

    /// <summary>Waits for the other members. From a broken barrier only member 0 goes on, with all the work.</summary>
    /// <summary>Waits for the others. If the barrier is broken, member 0 has all the work from here on, and the others must do none.</summary>
    private void Meet()
    {
        if (_members == 1)
        {
            return;
        }

        _barrier!.SignalAndWait();
        if (_barrier.IsBroken)
        {
            _left = _member != 0;
            _members = 1;
        }
    }

    private static float* Align(float* pointer) => (float*)(((nuint)pointer + 63) & ~(nuint)63);
}

/// <summary>Rows of a matrix at given offsets.</summary>
internal readonly unsafe struct ScatteredRows(float* x, nint* offsets) : IRowSource
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void CopyRows<V>(float* target, int firstRow, int rows, int firstColumn, int columns)
        where V : struct, ILanes<V>
    {
        for (int row = 0; row < rows; row++)
        {
            RowCopy.Copy<V>(x + offsets[firstRow + row] + firstColumn, target, columns);
            target += GemmBlocks.RowStride;
        }
    }
}
