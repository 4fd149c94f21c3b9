using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>The projection of a chunk of steps: x·K + b for the rows that move, ordered by step, then row.</summary>
internal static unsafe class InputProjection
{
    /// <summary>Projects one member's share; the others' is there when all have met.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Project(in RecurrentPart part, in GangMember member, int firstStep, int steps)
    {
        int count = FindInputs(part, firstStep, steps);
        int from = member.From(count);
        int end = member.To(count);
        int stride = part.Weights.GateFloats;
        Epilogue epilogue = new() { Bias = part.Weights.InputBias };
        Span<float> workspace = new(part.GemmWorkspace, GemmBlocks.RowBlockFloats(GemmBlocks.Rows));

        // The sums of a few rows run in another order, so which product is used must not depend on the threads.
        if ((long)part.Arguments.Batch * part.Arguments.Time <= FewRowsProduct.MaxRows)
        {
            for (int i = from; i < end; i++)
            {
                Gemm.Multiply(
                    part.Arguments.X + part.Offsets[i], 0, part.Weights.Input, part.Projected + ((nint)i * stride), stride, 1, epilogue, workspace);
            }
        }
        else if (end > from)
        {
            ScatteredRows source = new(part.Arguments.X, part.Offsets + from);
            Gemm.MultiplyRows(source, part.Weights.Input, part.Projected + ((nint)from * stride), stride, end - from, epilogue, workspace);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int FindInputs(in RecurrentPart part, int firstStep, int steps)
    {
        int count = 0;
        for (int step = firstStep; step < firstStep + steps; step++)
        {
            int time = part.TimeOf(step);
            for (int row = 0; row < part.Rows; row++)
            {
                if (part.IsKept(row, step))
                {
                    part.Offsets[count++] = ((part.FirstRow + row) * part.Arguments.XBatchStride) + (time * part.Arguments.XTimeStride);
                }
            }
        }

        return count;
    }
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
