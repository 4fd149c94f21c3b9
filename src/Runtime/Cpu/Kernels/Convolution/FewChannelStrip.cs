using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Neighbouring output positions of a convolution, one panel of filters.</summary>
internal unsafe struct FewChannelStrip
{
    /// <summary>Positions of a strip: their sums take 12 registers, which even 16 have room for.</summary>
    public const int Positions = 6;

    /// <summary>The lines of the input under the window, those inside the image; a line's offset counts rows of the panel.</summary>
    public WindowLine* Lines;
    public int Count;

    /// <summary>Floats of a window in a line.</summary>
    public int LineFloats;

    /// <summary>Floats between two positions' inputs.</summary>
    public nint Next;

    /// <summary>Where the first position's window begins in a line; below zero in the padding.</summary>
    public nint X;
    public float* Panel;

    /// <summary>Columns of the panel that exist.</summary>
    public int Columns;
    public float* Y;

    /// <summary>Floats between two positions' outputs.</summary>
    public nint Stride;
    public float* Bias;
    public float* Residual;
    public nint ResidualStride;

    /// <summary>Where sums are cut off: infinite if they are not.</summary>
    public float Low;
    public float High;

    /// <summary>Six positions, all their taps inside the line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Six<V, TSums>()
        where V : struct, ILanes<V>
        where TSums : struct, ITileSums<TSums, V>
    {
        TSums s0 = Bias != null ? TSums.LoadPartial(Bias, Columns) : default;
        TSums s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0;
        int width = TSums.Registers * V.Count;
        nint next = Next;
        nint two = 2 * next;
        for (int i = 0; i < Count; i++)
        {
            float* x = Lines[i].X + X;
            float* far = x + next + two;
            float* k = Panel + (Lines[i].Offset * width);
            for (float* end = k + ((nint)LineFloats * width); k != end; k += width, x++, far++)
            {
                TSums row = TSums.Load(k);
                s0.AddProduct(V.Broadcast(*x), row);
                s1.AddProduct(V.Broadcast(*(x + next)), row);
                s2.AddProduct(V.Broadcast(*(x + two)), row);
                s3.AddProduct(V.Broadcast(*far), row);
                s4.AddProduct(V.Broadcast(*(far + next)), row);
                s5.AddProduct(V.Broadcast(*(far + two)), row);
            }
        }

        V low = V.Broadcast(Low);
        V high = V.Broadcast(High);
        if (Residual == null && Columns == width)
        {
            float* y = Y;
            nint stride = Stride;
            PutWhole(ref s0, low, high, y);
            PutWhole(ref s1, low, high, y += stride);
            PutWhole(ref s2, low, high, y += stride);
            PutWhole(ref s3, low, high, y += stride);
            PutWhole(ref s4, low, high, y += stride);
            PutWhole(ref s5, low, high, y + stride);
            return;
        }

        Put(ref s0, low, high, 0);
        Put(ref s1, low, high, 1);
        Put(ref s2, low, high, 2);
        Put(ref s3, low, high, 3);
        Put(ref s4, low, high, 4);
        Put(ref s5, low, high, 5);
    }

    /// <summary>One position with the part of each line's window that is inside the line, one register of the panel after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void One<V>(int firstFloat, int endFloat, int registers)
        where V : struct, ILanes<V>
    {
        int width = registers * V.Count;
        for (int column = 0; column < Columns; column += V.Count)
        {
            int lanes = Math.Min(V.Count, Columns - column);
            V sum = Bias != null ? V.LoadPartial(Bias + column, lanes) : V.Zero;
            for (int i = 0; i < Count; i++)
            {
                float* x = Lines[i].X + X;
                float* k = Panel + (Lines[i].Offset * width) + column;
                for (int j = firstFloat; j < endFloat; j++)
                {
                    sum = V.MultiplyAdd(V.Broadcast(x[j]), V.Load(k + ((nint)j * width)), sum);
                }
            }

            sum = Residual != null ? sum + V.LoadPartial(Residual + column, lanes) : sum;
            V.StorePartial(V.Min(V.Broadcast(High), V.Max(V.Broadcast(Low), sum)), Y + column, lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PutWhole<V, TSums>(ref TSums sums, V low, V high, float* y)
        where V : struct, ILanes<V>
        where TSums : struct, ITileSums<TSums, V>
    {
        sums.Clamp(low, high);
        sums.Store(y);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Put<V, TSums>(ref TSums sums, V low, V high, int position)
        where V : struct, ILanes<V>
        where TSums : struct, ITileSums<TSums, V>
    {
        if (Residual != null)
        {
            sums.AddPartial(Residual + (position * ResidualStride), Columns);
        }

        sums.Clamp(low, high);
        sums.StorePartial(Y + (position * Stride), Columns);
    }
}
