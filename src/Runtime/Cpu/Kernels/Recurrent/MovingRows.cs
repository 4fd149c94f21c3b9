using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The rows that move in a step, and what each of them reads. Every member of a gang finds out for itself; they all come to the same result.</summary>
internal static unsafe class MovingRows
{
    /// <summary>Rows of the largest tile; the pointers of rows beyond the last are read and must be there.</summary>
    private const int TileRows = 6;

    /// <summary>Lists the rows that move, the state each reads, and its projected input.</summary>
    /// <param name="part">The rows.</param>
    /// <param name="member">The member.</param>
    /// <param name="step">The step.</param>
    /// <param name="projected">Rows of the chunk's projection that earlier steps have used.</param>
    /// <returns>How many rows move.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Find(in RecurrentPart part, in GangMember member, int step, int projected)
    {
        int moving = 0;
        int time = part.TimeOf(step);
        bool hasTable = part.Arguments.Table != null;
        for (int row = 0; row < part.Rows; row++)
        {
            if (!part.IsKept(row, step))
            {
                continue;
            }

            part.Moving[moving] = row;
            part.Sources[moving] = part.Hidden(row, part.Side[row]);
            part.Inputs[moving] = hasTable
                ? part.TableRow(row, time)
                : part.Projected + ((nint)(projected + moving) * part.Weights.GateFloats);
            moving++;
        }

        if (hasTable && step + 1 < part.Arguments.Time)
        {
            FetchTableRows(part, member, part.TimeOf(step + 1));
        }

        for (int i = moving; i < moving + TileRows && moving > 0; i++)
        {
            part.Sources[i] = part.Sources[moving - 1];
        }

        return moving;
    }

    /// <summary>Makes the next product read r⊙h in place of the states.</summary>
    public static void ReadReset(in RecurrentPart part, int moving)
    {
        for (int i = 0; i < moving + TileRows; i++)
        {
            part.Sources[i] = part.Reset + ((nint)part.Moving[Math.Min(i, moving - 1)] * part.Weights.PaddedUnits);
        }
    }

    /// <summary>Makes the states that a step wrote those that the next one reads.</summary>
    public static void Turn(in RecurrentPart part, int moving)
    {
        for (int i = 0; i < moving; i++)
        {
            part.Side[part.Moving[i]] ^= 1;
        }
    }

    // A table is larger than the nearer caches and its rows are read in no order, so those of the step to come are asked for now.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FetchTableRows(in RecurrentPart part, in GangMember member, int time)
    {
        const int lineFloats = 16;
        int first = member.From(part.Weights.GateFloats);
        int end = member.To(part.Weights.GateFloats);
        for (int row = 0; row < part.Rows; row++)
        {
            float* inputs = part.TableRow(row, time);
            for (int i = first; i < end; i += lineFloats)
            {
                Prefetch.ToSecondLevel(inputs + i);
            }
        }
    }
}
