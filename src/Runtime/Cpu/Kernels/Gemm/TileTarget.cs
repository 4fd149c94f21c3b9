using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Where a tile of sums goes, and what is added on the way: C = clamp(sums [+ C] [+ bias] [+ residual]).</summary>
internal unsafe struct TileTarget
{
    /// <summary>How many matrices may be added.</summary>
    public const int Addends = 3;

    public float* C;
    public nint Stride;

    /// <summary>Rows of the tile that exist.</summary>
    public int Rows;

    /// <summary>Columns of the tile that exist.</summary>
    public int Columns;

    /// <summary>Whether C holds sums to add to.</summary>
    public bool Accumulate;

    /// <summary>One float a column, or null.</summary>
    public float* Bias;

    /// <summary>A matrix shaped as C, or null. It may be C itself.</summary>
    public float* Residual;
    public nint ResidualStride;

    /// <summary>Whether results are cut off at <see cref="Low"/> and <see cref="High"/>.</summary>
    public bool Clamp;
    public float Low;
    public float High;

    /// <summary>Memory that the next tiles will read, fetched into the cache bit by bit while this tile computes.</summary>
    public byte* Ahead;

    /// <summary>Bytes to fetch a step of k.</summary>
    public nint AheadStep;

    /// <summary>The matrices to add, in the order in which they are added; null where one is not there. The bias is a matrix whose rows are all the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly float* Addend(int number, out nint stride)
    {
        switch (number)
        {
            case 0:
                stride = Stride;
                return Accumulate ? C : null;
            case 1:
                stride = 0;
                return Bias;
            default:
                stride = ResidualStride;
                return Residual;
        }
    }

    /// <summary>Takes a tile at the edge from memory, row after row, with partial loads and stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Finish<V>(float* tile, int width)
        where V : struct, ILanes<V>
    {
        for (int row = 0; row < Rows; row++)
        {
            float* c = C + (row * Stride);
            for (int column = 0; column < Columns; column += V.Count)
            {
                int count = Math.Min(V.Count, Columns - column);
                V sum = V.Load(tile + (row * width) + column);
                for (int i = 0; i < Addends; i++)
                {
                    float* addend = Addend(i, out nint stride);
                    if (addend != null)
                    {
                        sum += V.LoadPartial(addend + (row * stride) + column, count);
                    }
                }

                if (Clamp)
                {
                    sum = V.Min(V.Broadcast(High), V.Max(V.Broadcast(Low), sum));
                }

                V.StorePartial(sum, c + column, count);
            }
        }
    }
}
