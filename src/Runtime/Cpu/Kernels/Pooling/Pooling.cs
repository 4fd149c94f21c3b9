using System.Numerics;
using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels.Functions;

/// <summary>What a pooling makes of a window.</summary>
internal enum PoolingKind
{
    /// <summary>The largest element; padding does not take part.</summary>
    Max,

    /// <summary>The mean of the elements inside the input: Keras's and TensorFlow's.</summary>
    Average,

    /// <summary>The sum divided by the window's size, as if the padding were zeros.</summary>
    AverageOfWindow,
}

/// <summary>
/// Max and average pooling over (batch, spatial…, channels). Elements of a window are taken in order of the taps, a
/// register of channels at a time; parts are lines of the output. A window without elements gives −∞ or NaN.
/// </summary>
internal unsafe struct Pooling : IParallelBody
{
    private const long SerialWork = 1 << 16;

    private float* _x;
    private WindowGeometry _geometry;
    private PoolingKind _kind;
    private float* _y;

    public static void Run(float* x, WindowGeometry geometry, PoolingKind kind, float* y)
    {
        if (geometry.OutputPositions == 0)
        {
            return;
        }

        Pooling body = new() { _x = x, _geometry = geometry, _kind = kind, _y = y };
        long work = (long)geometry.OutputPositions * geometry.Taps * geometry.Channels;
        CpuThreads.For(geometry.OutputPositions / geometry.Width.Output, body, work < SerialWork ? 1 : int.MaxValue);
    }

    /// <summary>The same for any number type, one element after another.</summary>
    public static void Run<T>(ReadOnlySpan<T> x, WindowGeometry geometry, PoolingKind kind, Span<T> y)
        where T : struct, IFloatingPointIeee754<T>
    {
        int channels = geometry.Channels;
        int elements = 0;
        foreach (Window window in new Windows(geometry))
        {
            Span<T> target = y.Slice(window.Output * channels, channels);
            if (window.IsFirst)
            {
                target.Fill(kind == PoolingKind.Max ? T.NegativeInfinity : T.Zero);
                elements = 0;
            }

            elements += window.Input >= 0 ? 1 : 0;
            for (int channel = 0; channel < channels && window.Input >= 0; channel++)
            {
                T value = x[(window.Input * channels) + channel];
                target[channel] = kind == PoolingKind.Max ? T.Max(target[channel], value) : target[channel] + value;
            }

            bool isLast = window.Tap == geometry.Taps - 1;
            for (int channel = 0; channel < channels && isLast && kind != PoolingKind.Max; channel++)
            {
                target[channel] /= T.CreateChecked(kind == PoolingKind.Average ? elements : geometry.Taps);
            }
        }
    }

    public void Run(int part, int slot)
    {
        if (_kind == PoolingKind.Max)
        {
            KernelTable.Run(new LineBody<Maximum> { Owner = this, Line = part, Start = float.NegativeInfinity });
        }
        else
        {
            KernelTable.Run(new LineBody<Add> { Owner = this, Line = part });
        }
    }

    private struct LineBody<TFold> : ILaneBody
        where TFold : struct, IBinary
    {
        public Pooling Owner;
        public int Line;
        public float Start;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            WindowGeometry geometry = Owner._geometry;
            SpatialAxis depth = geometry.Depth;
            SpatialAxis height = geometry.Height;
            SpatialAxis width = geometry.Width;
            int channels = geometry.Channels;
            int h = Line % height.Output;
            int d = Line / height.Output % depth.Output;
            int batch = Line / height.Output / depth.Output;
            WindowLine* lines = stackalloc WindowLine[depth.Kernel * height.Kernel];
            int count = geometry.FindLines(Owner._x + ((nint)batch * depth.Input * height.Input * width.Input * channels), d, h, lines);

            float* target = Owner._y + ((nint)Line * width.Output * channels);
            nint tapStep = (nint)width.Dilation * channels;
            bool isMax = Owner._kind == PoolingKind.Max;
            for (int w = 0; w < width.Output; w++)
            {
                int first = width.FirstTap(w);
                int taps = Math.Max(0, width.EndTap(w) - first);
                nint start = (width.Start(w) + ((nint)first * width.Dilation)) * channels;
                V divisor = V.Broadcast(isMax ? 1 : Owner._kind == PoolingKind.Average ? count * taps : geometry.Taps);
                for (int channel = 0; channel < channels; channel += V.Count)
                {
                    int lanes = Math.Min(V.Count, channels - channel);
                    V result = lanes == V.Count
                        ? Whole<V>(lines, count, start + channel, taps, tapStep)
                        : Partial<V>(lines, count, start + channel, taps, tapStep, lanes);
                    result = isMax ? result : result / divisor;
                    if (lanes == V.Count)
                    {
                        V.Store(result, target + channel);
                    }
                    else
                    {
                        V.StorePartial(result, target + channel, lanes);
                    }
                }

                target += channels;
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Whole<V>(WindowLine* lines, int count, nint start, int taps, nint tapStep)
            where V : struct, ILanes<V>
        {
            V result = V.Broadcast(Start);
            for (int i = 0; i < count; i++)
            {
                float* x = lines[i].X + start;
                for (int tap = 0; tap < taps; tap++)
                {
                    result = default(TFold).Apply(result, V.Load(x));
                    x += tapStep;
                }
            }

            return result;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V Partial<V>(WindowLine* lines, int count, nint start, int taps, nint tapStep, int lanes)
            where V : struct, ILanes<V>
        {
            V result = V.Broadcast(Start);
            for (int i = 0; i < count; i++)
            {
                float* x = lines[i].X + start;
                for (int tap = 0; tap < taps; tap++)
                {
                    result = default(TFold).Apply(result, V.LoadPartial(x, lanes));
                    x += tapStep;
                }
            }

            return result;
        }
    }
}
