using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// The last block of units where it has so few that their gates can share registers: of 100 units and 16 lanes the last 4, all four
/// gates of which fill one register where a full block takes four. A register holds gate after gate of its units.
/// </summary>
/// <remarks>Only the product is done so; its sums are spread out again for the element-wise part of the step.</remarks>
internal readonly unsafe struct NarrowBlock
{
    private readonly int _units;
    private readonly int _gates;
    private readonly int _unitsPerRegister;

    /// <param name="units">Units of the layer.</param>
    /// <param name="gates">Gates of the product.</param>
    /// <param name="lanes">Floats in a register.</param>
    public NarrowBlock(int units, int gates, int lanes)
    {
        _units = units % lanes;
        _gates = gates;
        _unitsPerRegister = lanes / gates;
        int registers = _units == 0 || _unitsPerRegister == 0 ? 0 : (_units + _unitsPerRegister - 1) / _unitsPerRegister;
        Registers = registers < gates ? registers : 0;
    }

    /// <summary>Registers that hold all gates of the block; 0 if there is no such block, or if it would save nothing.</summary>
    public int Registers { get; }

    /// <summary>Where a gate of a unit of the block lies in its registers.</summary>
    public int Position(int unit, int gate, int lanes) =>
        (unit / _unitsPerRegister * lanes) + (gate * _unitsPerRegister) + (unit % _unitsPerRegister);

    /// <summary>Adds up for some rows; sums are stored row after row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Multiply<V>(float** rows, int count, float* weights, int depth, float* sums)
        where V : struct, ILanes<V>
    {
        switch (Registers)
        {
            case 1:
                GateTile.Run<V, OneGate<V>>(rows, count, weights, depth, sums);
                break;
            case 2:
                GateTile.Run<V, TwoGates<V>>(rows, count, weights, depth, sums);
                break;
            default:
                GateTile.Run<V, ThreeGates<V>>(rows, count, weights, depth, sums);
                break;
        }
    }

    /// <summary>Writes one row's sums as those of a full block: a register a gate, zeros for the units that do not exist.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Spread<V>(float* sums, float* target)
        where V : struct, ILanes<V>
    {
        for (int gate = 0; gate < _gates; gate++)
        {
            float* source = sums + (gate * _unitsPerRegister);
            V.Store(V.LoadPartial(source, Math.Min(_unitsPerRegister, _units)), target);
            for (int unit = _unitsPerRegister; unit < _units; unit += _unitsPerRegister)
            {
                source += V.Count;
                int count = Math.Min(_unitsPerRegister, _units - unit);
                V.StorePartial(V.LoadPartial(source, count), target + unit, count);
            }

            target += V.Count;
        }
    }
}
