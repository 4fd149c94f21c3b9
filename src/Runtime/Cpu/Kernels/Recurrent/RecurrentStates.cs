namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>What happens to states and outputs outside the product: how they begin, what a masked step's output is, what is left at the end.</summary>
internal static unsafe class RecurrentStates
{
    /// <summary>Brings the states in. Every member notes the rows' sides for itself.</summary>
    public static void Begin(in RecurrentPart part, bool isFirst)
    {
        int padded = part.Weights.PaddedUnits;
        for (int row = 0; row < part.Rows; row++)
        {
            part.Side[row] = 0;
            if (!isFirst)
            {
                continue;
            }

            Fill(part, part.Hidden(row, 0), part.Arguments.InitialHidden, row);
            if (part.Weights.Kind == RecurrentKind.Lstm)
            {
                Fill(part, part.Cell + ((nint)row * padded), part.Arguments.InitialCell, row);
            }
        }
    }

    /// <summary>The outputs of the rows that a step leaves out: the output before, or zeros.</summary>
    public static void RepeatOutputs(in RecurrentPart part, int step)
    {
        for (int row = 0; row < part.Rows; row++)
        {
            if (part.IsKept(row, step))
            {
                continue;
            }

            Span<float> y = new(part.Output(row, step), part.Weights.Units);
            if (part.Arguments.ZeroMasked || step == 0)
            {
                y.Clear();
            }
            else
            {
                new ReadOnlySpan<float>(part.Output(row, step - 1), part.Weights.Units).CopyTo(y);
            }
        }
    }

    /// <summary>Takes out the states and the last step's output.</summary>
    public static void End(in RecurrentPart part)
    {
        for (int row = 0; row < part.Rows; row++)
        {
            nint target = (nint)(part.FirstRow + row) * part.Weights.Units;
            float* hidden = part.Hidden(row, part.Side[row]);
            Copy(part, hidden, part.Arguments.LastHidden, target);
            if (part.Weights.Kind == RecurrentKind.Lstm)
            {
                Copy(part, part.Cell + ((nint)row * part.Weights.PaddedUnits), part.Arguments.LastCell, target);
            }

            if (part.Arguments.LastOutput == null)
            {
                continue;
            }

            int time = part.Arguments.Time;
            bool isOutput = part.Arguments.ZeroMasked ? time > 0 && part.IsKept(row, time - 1) : HasMoved(part, row);
            if (isOutput)
            {
                Copy(part, hidden, part.Arguments.LastOutput, target);
            }
            else
            {
                new Span<float>(part.Arguments.LastOutput + target, part.Weights.Units).Clear();
            }
        }
    }

    private static void Fill(in RecurrentPart part, float* state, float* initial, int row)
    {
        int units = part.Weights.Units;
        Span<float> target = new(state, part.Weights.PaddedUnits);
        target.Clear();
        if (initial != null)
        {
            new ReadOnlySpan<float>(initial + ((nint)(part.FirstRow + row) * units), units).CopyTo(target);
        }
    }

    private static void Copy(in RecurrentPart part, float* state, float* target, nint offset)
    {
        if (target != null)
        {
            new ReadOnlySpan<float>(state, part.Weights.Units).CopyTo(new Span<float>(target + offset, part.Weights.Units));
        }
    }

    private static bool HasMoved(in RecurrentPart part, int row)
    {
        for (int step = 0; step < part.Arguments.Time; step++)
        {
            if (part.IsKept(row, step))
            {
                return true;
            }
        }

        return false;
    }
}
