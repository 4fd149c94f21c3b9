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
    public readonly void Six<V, TRegisters>()
        where V : struct, ILanes<V>
        where TRegisters : struct, IRegisters
    {
        V s0 = BiasAt<V>(0);
        V t0 = TRegisters.Count == 2 ? BiasAt<V>(V.Count) : s0;
        V s1 = s0, t1 = t0;
        V s2 = s0, t2 = t0;
        V s3 = s0, t3 = t0;
        V s4 = s0, t4 = t0;
        V s5 = s0, t5 = t0;
        int width = TRegisters.Count * V.Count;
        nint next = Next;
        nint two = 2 * next;
        for (int i = 0; i < Count; i++)
        {
            float* x = Lines[i].X + X;
            float* far = x + next + two;
            float* k = Panel + (Lines[i].Offset * width);
            for (float* end = k + ((nint)LineFloats * width); k != end; k += width, x++, far++)
            {
                V a = V.Load(k);
                V b = TRegisters.Count == 2 ? V.Load(k + V.Count) : a;
                V value;
                value = V.Broadcast(*x);
                s0 = V.MultiplyAdd(value, a, s0);
                t0 = TRegisters.Count == 2 ? V.MultiplyAdd(value, b, t0) : t0;
                value = V.Broadcast(*(x + next));
                s1 = V.MultiplyAdd(value, a, s1);
                t1 = TRegisters.Count == 2 ? V.MultiplyAdd(value, b, t1) : t1;
                value = V.Broadcast(*(x + two));
                s2 = V.MultiplyAdd(value, a, s2);
                t2 = TRegisters.Count == 2 ? V.MultiplyAdd(value, b, t2) : t2;
                value = V.Broadcast(*far);
                s3 = V.MultiplyAdd(value, a, s3);
                t3 = TRegisters.Count == 2 ? V.MultiplyAdd(value, b, t3) : t3;
                value = V.Broadcast(*(far + next));
                s4 = V.MultiplyAdd(value, a, s4);
                t4 = TRegisters.Count == 2 ? V.MultiplyAdd(value, b, t4) : t4;
                value = V.Broadcast(*(far + two));
                s5 = V.MultiplyAdd(value, a, s5);
                t5 = TRegisters.Count == 2 ? V.MultiplyAdd(value, b, t5) : t5;
            }
        }

        V low = V.Broadcast(Low);
        V high = V.Broadcast(High);
        if (Residual == null && Columns == width)
        {
            float* y = Y;
            nint stride = Stride;
            V.Store(V.Min(high, V.Max(low, s0)), y);
            if (TRegisters.Count == 2)
            {
                V.Store(V.Min(high, V.Max(low, t0)), y + V.Count);
            }

            y += stride;
            V.Store(V.Min(high, V.Max(low, s1)), y);
            if (TRegisters.Count == 2)
            {
                V.Store(V.Min(high, V.Max(low, t1)), y + V.Count);
            }

            y += stride;
            V.Store(V.Min(high, V.Max(low, s2)), y);
            if (TRegisters.Count == 2)
            {
                V.Store(V.Min(high, V.Max(low, t2)), y + V.Count);
            }

            y += stride;
            V.Store(V.Min(high, V.Max(low, s3)), y);
            if (TRegisters.Count == 2)
            {
                V.Store(V.Min(high, V.Max(low, t3)), y + V.Count);
            }

            y += stride;
            V.Store(V.Min(high, V.Max(low, s4)), y);
            if (TRegisters.Count == 2)
            {
                V.Store(V.Min(high, V.Max(low, t4)), y + V.Count);
            }

            y += stride;
            V.Store(V.Min(high, V.Max(low, s5)), y);
            if (TRegisters.Count == 2)
            {
                V.Store(V.Min(high, V.Max(low, t5)), y + V.Count);
            }

            return;
        }

        Put(s0, 0, 0, low, high);
        Put(s1, 0, 1, low, high);
        Put(s2, 0, 2, low, high);
        Put(s3, 0, 3, low, high);
        Put(s4, 0, 4, low, high);
        Put(s5, 0, 5, low, high);
        if (TRegisters.Count == 2)
        {
            Put(t0, V.Count, 0, low, high);
            Put(t1, V.Count, 1, low, high);
            Put(t2, V.Count, 2, low, high);
            Put(t3, V.Count, 3, low, high);
            Put(t4, V.Count, 4, low, high);
            Put(t5, V.Count, 5, low, high);
        }
    }

    /// <summary>One position with the part of each line's window that is inside the line, one register of the panel after another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void One<V>(int firstFloat, int endFloat, int registers)
        where V : struct, ILanes<V>
    {
        int width = registers * V.Count;
        for (int column = 0; column < Columns; column += V.Count)
        {
            V sum = BiasAt<V>(column);
            for (int i = 0; i < Count; i++)
            {
                float* x = Lines[i].X + X;
                float* k = Panel + (Lines[i].Offset * width) + column;
                for (int j = firstFloat; j < endFloat; j++)
                {
                    sum = V.MultiplyAdd(V.Broadcast(x[j]), V.Load(k + ((nint)j * width)), sum);
                }
            }

            Put(sum, column, 0, V.Broadcast(Low), V.Broadcast(High));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V BiasAt<V>(int column)
        where V : struct, ILanes<V> => Bias != null ? V.LoadPartial(Bias + column, Math.Min(V.Count, Columns - column)) : V.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Put<V>(V sum, int column, int position, V low, V high)
        where V : struct, ILanes<V>
    {
        int lanes = Math.Min(V.Count, Columns - column);
        sum = Residual != null ? sum + V.LoadPartial(Residual + (position * ResidualStride) + column, lanes) : sum;
        V.StorePartial(V.Min(high, V.Max(low, sum)), Y + (position * Stride) + column, lanes);
    }
}
