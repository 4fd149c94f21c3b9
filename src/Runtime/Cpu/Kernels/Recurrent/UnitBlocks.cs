using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// One product of a step with the gates that follow it, block of units by block of units: the recurrent weights of a block pass all
/// rows that move, and each row's sums become its new state while they are still in the nearest cache.
/// </summary>
internal readonly unsafe struct UnitBlocks<TActivation, TGate>(TActivation activation, TGate gate)
    where TActivation : struct, IUnary
    where TGate : struct, IUnary
{
    /// <summary>Bytes of weights that fit the first-level cache beside everything else.</summary>
    private const int NearestCache = 32 * 1024;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Run<V, TGates, TCell>(in RecurrentPart part, in GangMember member, int phase, int step, int moving)
        where V : struct, ILanes<V>
        where TGates : struct, IGateSums<TGates, V>
        where TCell : struct, IRecurrentCell
    {
        // Every other step goes through the blocks backwards: what was read last is still in the nearest cache.
        bool backwards = (step & 1) != 0;
        int blocks = part.Weights.Blocks;
        int first = member.From(blocks);
        int end = member.To(blocks);
        NarrowBlock narrow = new(part.Weights.Units, TGates.Count, V.Count);
        if (narrow.Registers > 0 && end == blocks)
        {
            end--;
            Narrow<V, TGates, TCell>(part, narrow, phase, step, moving);
        }

        if (moving == 1)
        {
            OneRow<V, TGates, TCell>(part, phase, step, first, end, backwards);
            return;
        }

        for (int i = first; i < end; i++)
        {
            int block = backwards ? first + end - 1 - i : i;
            float* weights = Weights<V, TGates>(part.Weights, phase, block);
            int maxRows = GateTile.MaxRows<V>();
            for (int row = 0; row < moving; row += maxRows)
            {
                int count = Math.Min(maxRows, moving - row);
                GateTile.Run<V, TGates>(part.Sources + row, count, weights, part.Weights.Units, part.Sums);
                for (int r = 0; r < count; r++)
                {
                    Update<V, TGates, TCell>(part, row + r, block, step, part.Sums + (r * TGates.Count * V.Count));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void OneRow<V, TGates, TCell>(in RecurrentPart part, int phase, int step, int first, int end, bool backwards)
        where V : struct, ILanes<V>
        where TGates : struct, IGateSums<TGates, V>
        where TCell : struct, IRecurrentCell
    {
        // Two blocks at once, because one has too few chains to keep the multiply-add units busy. But four gates have almost
        // enough, and weights that come from the second-level cache arrive faster as a single stream.
        bool stays = (end - first) * (long)part.Weights.Units * TGates.Count * V.Count * sizeof(float) <= NearestCache;
        int together = TGates.Count < 4 || stays ? 2 : 1;
        int groups = (end - first + together - 1) / together;
        for (int i = 0; i < groups; i++)
        {
            int block = first + (together * (backwards ? groups - 1 - i : i));
            float* weights = Weights<V, TGates>(part.Weights, phase, block);
            if (together == 2 && block + 1 < end)
            {
                GateTile.RunPair<V, TGates>(part.Sources[0], weights, part.Weights.Units, part.Sums);
                Update<V, TGates, TCell>(part, 0, block, step, part.Sums);
                Update<V, TGates, TCell>(part, 0, block + 1, step, part.Sums + (TGates.Count * V.Count));
            }
            else
            {
                GateTile.Run<V, TGates>(part.Sources, 1, weights, part.Weights.Units, part.Sums);
                Update<V, TGates, TCell>(part, 0, block, step, part.Sums);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Narrow<V, TGates, TCell>(in RecurrentPart part, NarrowBlock narrow, int phase, int step, int moving)
        where V : struct, ILanes<V>
        where TGates : struct, IGateSums<TGates, V>
        where TCell : struct, IRecurrentCell
    {
        int block = part.Weights.Blocks - 1;
        int maxRows = GateTile.MaxRows<V>();
        for (int row = 0; row < moving; row += maxRows)
        {
            int count = Math.Min(maxRows, moving - row);
            narrow.Multiply<V>(part.Sources + row, count, Weights<V, TGates>(part.Weights, phase, block), part.Weights.Units, part.NarrowSums);
            for (int r = 0; r < count; r++)
            {
                narrow.Spread<V>(part.NarrowSums + (r * narrow.Registers * V.Count), part.Sums + (r * TGates.Count * V.Count));
            }

            for (int r = 0; r < count; r++)
            {
                Update<V, TGates, TCell>(part, row + r, block, step, part.Sums + (r * TGates.Count * V.Count));
            }
        }
    }

    private static float* Weights<V, TGates>(RecurrentWeights weights, int phase, int block)
        where V : struct, ILanes<V>
        where TGates : struct, IGateSums<TGates, V> =>
        weights.Recurrent(phase) + ((nint)block * weights.Units * TGates.Count * V.Count);

    /// <summary>The gates of one row's block of units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Update<V, TGates, TCell>(in RecurrentPart part, int index, int block, int step, float* sums)
        where V : struct, ILanes<V>
        where TGates : struct, IGateSums<TGates, V>
        where TCell : struct, IRecurrentCell
    {
        int row = part.Moving[index];
        nint unit = (nint)block * V.Count;
        nint state = ((nint)row * part.Weights.PaddedUnits) + unit;
        CellMemory memory = new()
        {
            Sums = sums,
            Input = part.Inputs[index] + ((nint)block * part.Weights.Gates * V.Count),
            Bias = part.Weights.RecurrentBias + unit,
            Hidden = part.Hidden(row, part.Side[row]) + unit,
            Cell = part.Cell + state,
            Reset = part.Reset + state,
        };
        V hidden = TCell.Update<V, TActivation, TGate>(activation, gate, memory);
        if (!TCell.IsLast)
        {
            return;
        }

        V.Store(hidden, part.Hidden(row, part.Side[row] ^ 1) + unit);
        if (part.Arguments.Y != null)
        {
            float* y = part.Output(row, step) + unit;
            int lanes = Math.Min(V.Count, part.Weights.Units - (int)unit);
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
}
