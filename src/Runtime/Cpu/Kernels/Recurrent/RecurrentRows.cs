using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The rows of one part through all time steps, as one thread does them: alone, or as a member of a gang that does its
/// share of the units and of the projection.
/// </summary>
internal unsafe struct RecurrentRows<TActivation, TGate> : ILaneBody
    where TActivation : struct, IUnary
    where TGate : struct, IUnary
{
    private readonly RecurrentPart _part;
    private readonly UnitBlocks<TActivation, TGate> _blocks;
    private GangMember _member;

    public RecurrentRows(in RecurrentPart part, GangMember member, TActivation activation, TGate gate)
    {
        _part = part;
        _blocks = new UnitBlocks<TActivation, TGate>(activation, gate);
        _member = member;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V>()
        where V : struct, ILanes<V>
    {
        RecurrentStates.Begin(_part, _member.IsFirst);
        _member.Meet();
        int time = _part.Arguments.Time;
        int chunkSteps = _part.ChunkSteps;
        for (int step = 0; step < time && !_member.HasLeft; step += chunkSteps)
        {
            int steps = Math.Min(chunkSteps, time - step);
            if (_part.Arguments.Table == null)
            {
                InputProjection.Project(_part, _member, step, steps);
                _member.Meet();
            }

            int projected = 0;
            for (int s = step; s < step + steps && !_member.HasLeft; s++)
            {
                projected += Step<V>(s, projected);
            }
        }

        if (_member.IsFirst)
        {
            RecurrentStates.End(_part);
        }
    }

    /// <summary>Returns how many rows moved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Step<V>(int step, int projected)
        where V : struct, ILanes<V>
    {
        int moving = MovingRows.Find(_part, _member, step, projected);
        if (moving > 0)
        {
            switch (_part.Weights.Kind)
            {
                case RecurrentKind.Lstm:
                    _blocks.Run<V, FourGates<V>, LstmCell>(_part, _member, 0, step, moving);
                    break;
                case RecurrentKind.GruResetAfter:
                    _blocks.Run<V, ThreeGates<V>, GruResetAfterCell>(_part, _member, 0, step, moving);
                    break;
                case RecurrentKind.GruResetBefore:
                    _blocks.Run<V, TwoGates<V>, GruGates>(_part, _member, 0, step, moving);
                    _member.Meet();
                    MovingRows.ReadReset(_part, moving);
                    if (!_member.HasLeft)
                    {
                        _blocks.Run<V, OneGate<V>, GruCandidate>(_part, _member, 1, step, moving);
                    }

                    break;
                default:
                    _blocks.Run<V, OneGate<V>, SimpleCell>(_part, _member, 0, step, moving);
                    break;
            }

            if (_member.HasLeft)
            {
                return moving;
            }

            _member.Meet();
            MovingRows.Turn(_part, moving);
        }

        if (moving < _part.Rows && _part.Arguments.Y != null && _member.IsFirst)
        {
            RecurrentStates.RepeatOutputs(_part, step);
        }

        return moving;
    }
}
