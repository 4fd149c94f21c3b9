using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>Neighbouring output positions of a depthwise convolution, one register of channels.</summary>
internal unsafe struct DepthwiseStrip
{
    public WindowLine* Lines;
    public int Count;
    public float* Kernel;
    public int Taps;
    public int Channels;
    public int Channel;

    /// <summary>Floats between two taps' inputs.</summary>
    public nint TapStep;

    /// <summary>Floats between two positions' inputs.</summary>
    public nint Next;

    /// <summary>Where the first position's window begins in a line; below zero in the padding.</summary>
    public nint X;
    public float* Y;
    public float* Bias;
    public float* Residual;
    public nint ResidualStride;
    public bool HasBounds;
    public float Low;
    public float High;

    /// <summary>Four or eight positions, all their taps inside the line.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Several<V, TPositions>()
        where V : struct, ILanes<V>
        where TPositions : struct, ITileRows
    {
        V s0 = Bias != null ? V.Load(Bias) : V.Zero;
        V s1 = s0;
        V s2 = s0;
        V s3 = s0;
        V s4 = s0;
        V s5 = s0;
        V s6 = s0;
        V s7 = s0;
        nint next = Next;
        for (int i = 0; i < Count; i++)
        {
            float* x = Lines[i].X + X + Channel;
            float* k = Kernel + Lines[i].Offset + Channel;
            for (int tap = 0; tap < Taps; tap++)
            {
                V weight = V.Load(k);
                s0 = V.MultiplyAdd(V.Load(x), weight, s0);
                s1 = V.MultiplyAdd(V.Load(x + next), weight, s1);
                s2 = V.MultiplyAdd(V.Load(x + (2 * next)), weight, s2);
                s3 = V.MultiplyAdd(V.Load(x + (3 * next)), weight, s3);
                if (TPositions.Count > 4)
                {
                    float* far = x + (4 * next);
                    s4 = V.MultiplyAdd(V.Load(far), weight, s4);
                    s5 = V.MultiplyAdd(V.Load(far + next), weight, s5);
                    s6 = V.MultiplyAdd(V.Load(far + (2 * next)), weight, s6);
                    s7 = V.MultiplyAdd(V.Load(far + (3 * next)), weight, s7);
                }

                x += TapStep;
                k += Channels;
            }
        }

        Put(s0, 0);
        Put(s1, 1);
        Put(s2, 2);
        Put(s3, 3);
        if (TPositions.Count > 4)
        {
            Put(s4, 4);
            Put(s5, 5);
            Put(s6, 6);
            Put(s7, 7);
        }
    }

    /// <summary>One position with the taps that are inside the line, and perhaps fewer channels than a register has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void One<V>(int firstTap, int endTap, int lanes)
        where V : struct, ILanes<V>
    {
        bool whole = lanes == V.Count;
        V sum = Bias != null ? V.LoadPartial(Bias, lanes) : V.Zero;
        for (int i = 0; i < Count; i++)
        {
            float* x = Lines[i].X + X + Channel + (firstTap * TapStep);
            float* k = Kernel + Lines[i].Offset + Channel + ((nint)firstTap * Channels);
            for (int tap = firstTap; tap < endTap; tap++)
            {
                sum = whole
                    ? V.MultiplyAdd(V.Load(x), V.Load(k), sum)
                    : V.MultiplyAdd(V.LoadPartial(x, lanes), V.LoadPartial(k, lanes), sum);
                x += TapStep;
                k += Channels;
            }
        }

        if (whole)
        {
            Put(sum, 0);
            return;
        }

        sum = Residual == null ? sum : sum + V.LoadPartial(Residual, lanes);
        V.StorePartial(Bound(sum), Y, lanes);
    }

    /// <summary>Goes on to the next position.</summary>
    public void MoveRight()
    {
        X += Next;
        Y += Channels;
        Residual = Residual == null ? null : Residual + ResidualStride;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Put<V>(V sum, int position)
        where V : struct, ILanes<V>
    {
        if (Residual != null)
        {
            sum += V.Load(Residual + (position * ResidualStride));
        }

        V.Store(Bound(sum), Y + ((nint)position * Channels));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly V Bound<V>(V sum)
        where V : struct, ILanes<V> => HasBounds ? V.Min(V.Broadcast(High), V.Max(V.Broadcast(Low), sum)) : sum;
}
