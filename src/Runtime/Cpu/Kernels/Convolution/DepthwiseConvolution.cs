using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Each channel convolved by its own kernels: y[b, o, c·m + j] = activation(Σ x[b, …, c] · K[tap, c, j] + bias). Parts are
/// lines of the output.
/// </summary>
internal unsafe struct DepthwiseConvolution : IParallelBody
{
    private const long SerialWork = 1 << 16;

    private float* _x;
    private WindowGeometry _geometry;
    private float* _kernel;
    private int _multiplier;
    private float* _y;
    private Epilogue _epilogue;

    /// <summary>Convolves with a kernel (spatial…, channels, multiplier) as Keras stores it. The epilogue cannot accumulate.</summary>
    public static void Run(float* x, WindowGeometry geometry, float* kernel, int multiplier, float* y, in Epilogue epilogue)
    {
        if (geometry.OutputPositions == 0 || geometry.Channels == 0)
        {
            return;
        }

        DepthwiseConvolution body = new()
        {
            _x = x,
            _geometry = geometry,
            _kernel = kernel,
            _multiplier = multiplier,
            _y = y,
            _epilogue = epilogue,
        };
        long work = (long)geometry.OutputPositions * geometry.Channels * multiplier * geometry.Taps;
        int lines = geometry.OutputPositions / geometry.Width.Output;
        CpuThreads.For(lines, body, work < SerialWork ? 1 : int.MaxValue);
    }

    public void Run(int part, int slot)
    {
        WindowGeometry geometry = _geometry;
        int h = part % geometry.Height.Output;
        int d = part / geometry.Height.Output % geometry.Depth.Output;
        int batch = part / geometry.Height.Output / geometry.Depth.Output;
        int outChannels = geometry.Channels * _multiplier;
        nint first = (nint)part * geometry.Width.Output;
        float* y = _y + (first * outChannels);
        LineBody line = new()
        {
            X = _x + ((nint)batch * geometry.Depth.Input * geometry.Height.Input * geometry.Width.Input * geometry.Channels),
            Geometry = geometry,
            Kernel = _kernel,
            Y = y,
            D = d,
            H = h,
            Epilogue = _epilogue.At(first, 0),
        };
        if (_multiplier == 1)
        {
            KernelTable.Run(line);
        }
        else
        {
            line.RunMultiplied(_multiplier);
        }

        _epilogue.Activate(y, outChannels, geometry.Width.Output, outChannels);
    }

    private struct LineBody : ILaneBody
    {
        public float* X;
        public WindowGeometry Geometry;
        public float* Kernel;
        public float* Y;
        public int D;
        public int H;
        public Epilogue Epilogue;

        /// <summary>
        /// One register of channels at a time. Positions whose window lies inside the line are taken four at once,
        /// so that a register of the kernel is loaded once for four multiply-adds.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            SpatialAxis width = Geometry.Width;
            int channels = Geometry.Channels;
            for (int channel = 0; channel < channels; channel += V.Count)
            {
                int lanes = Math.Min(V.Count, channels - channel);
                int w = 0;
                while (w < width.Output)
                {
                    bool inside = width.Start(w) >= 0 && w + 4 <= width.Output
                        && width.Start(w + 3) + ((width.Kernel - 1) * width.Dilation) < width.Input;
                    if (inside && lanes == V.Count)
                    {
                        Four<V>(channel, w);
                        w += 4;
                    }
                    else
                    {
                        One<V>(channel, w, lanes);
                        w++;
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Four<V>(int channel, int w)
            where V : struct, ILanes<V>
        {
            int channels = Geometry.Channels;
            SpatialAxis width = Geometry.Width;
            nint next = (nint)width.Stride * channels;
            nint tapStep = (nint)width.Dilation * channels;
            V s0 = Epilogue.Bias != null ? V.Load(Epilogue.Bias + channel) : V.Zero;
            V s1 = s0;
            V s2 = s0;
            V s3 = s0;
            int firstH = Geometry.Height.FirstTap(H);
            int endH = Geometry.Height.EndTap(H);
            for (int tapD = Geometry.Depth.FirstTap(D); tapD < Geometry.Depth.EndTap(D); tapD++)
            {
                for (int tapH = firstH; tapH < endH; tapH++)
                {
                    float* x = At(tapD, tapH, w) + channel;
                    float* k = KernelAt(tapD, tapH) + channel;
                    for (int tap = 0; tap < width.Kernel; tap++)
                    {
                        V weight = V.Load(k);
                        s0 = V.MultiplyAdd(V.Load(x), weight, s0);
                        s1 = V.MultiplyAdd(V.Load(x + next), weight, s1);
                        s2 = V.MultiplyAdd(V.Load(x + (2 * next)), weight, s2);
                        s3 = V.MultiplyAdd(V.Load(x + (3 * next)), weight, s3);
                        x += tapStep;
                        k += channels;
                    }
                }
            }

            Finish(s0, channel, w, V.Count);
            Finish(s1, channel, w + 1, V.Count);
            Finish(s2, channel, w + 2, V.Count);
            Finish(s3, channel, w + 3, V.Count);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void One<V>(int channel, int w, int lanes)
            where V : struct, ILanes<V>
        {
            int channels = Geometry.Channels;
            SpatialAxis width = Geometry.Width;
            V sum = Epilogue.Bias != null ? V.LoadPartial(Epilogue.Bias + channel, lanes) : V.Zero;
            int first = width.FirstTap(w);
            int end = width.EndTap(w);
            int firstH = Geometry.Height.FirstTap(H);
            int endH = Geometry.Height.EndTap(H);
            for (int tapD = Geometry.Depth.FirstTap(D); tapD < Geometry.Depth.EndTap(D); tapD++)
            {
                for (int tapH = firstH; tapH < endH; tapH++)
                {
                    float* x = At(tapD, tapH, w) + channel;
                    float* k = KernelAt(tapD, tapH) + channel;
                    for (int tap = first; tap < end; tap++)
                    {
                        V value = V.LoadPartial(x + ((nint)tap * width.Dilation * channels), lanes);
                        sum = V.MultiplyAdd(value, V.LoadPartial(k + ((nint)tap * channels), lanes), sum);
                    }
                }
            }

            Finish(sum, channel, w, lanes);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Finish<V>(V sum, int channel, int w, int lanes)
            where V : struct, ILanes<V>
        {
            if (Epilogue.Residual != null)
            {
                sum += V.LoadPartial(Epilogue.Residual + (w * Epilogue.ResidualStride) + channel, lanes);
            }

            if (Epilogue.Activation.Kind == ActivationKind.Relu)
            {
                sum = V.Max(V.Zero, sum);
            }

            float* y = Y + ((nint)w * Geometry.Channels) + channel;
            if (lanes == V.Count)
            {
                V.Store(sum, y);
            }
            else
            {
                V.StorePartial(sum, y, lanes);
            }
        }

        /// <summary>Several kernels a channel: rare, and written for clearness.</summary>
        public readonly void RunMultiplied(int multiplier)
        {
            int channels = Geometry.Channels;
            for (int w = 0; w < Geometry.Width.Output; w++)
            {
                for (int o = 0; o < channels * multiplier; o++)
                {
                    float sum = Epilogue.Bias != null ? Epilogue.Bias[o] : 0f;
                    for (int tapD = Geometry.Depth.FirstTap(D); tapD < Geometry.Depth.EndTap(D); tapD++)
                    {
                        for (int tapH = Geometry.Height.FirstTap(H); tapH < Geometry.Height.EndTap(H); tapH++)
                        {
                            float* x = At(tapD, tapH, w) + (o / multiplier);
                            float* k = Kernel + ((KernelAt(tapD, tapH) - Kernel) * multiplier) + o;
                            for (int tap = Geometry.Width.FirstTap(w); tap < Geometry.Width.EndTap(w); tap++)
                            {
                                sum += x[(nint)tap * Geometry.Width.Dilation * channels] * k[(nint)tap * channels * multiplier];
                            }
                        }
                    }

                    sum += Epilogue.Residual != null ? Epilogue.Residual[(w * Epilogue.ResidualStride) + o] : 0f;
                    Y[((nint)w * channels * multiplier) + o] =
                        Epilogue.Activation.Kind == ActivationKind.Relu && sum < 0f ? 0f : sum;
                }
            }
        }

        // Where tap 0 of the width lies; it may be outside the line, and then it is not read.
        private readonly float* At(int tapD, int tapH, int w)
        {
            int z = Geometry.Depth.Start(D) + (tapD * Geometry.Depth.Dilation);
            int y = Geometry.Height.Start(H) + (tapH * Geometry.Height.Dilation);
            nint position = ((((nint)z * Geometry.Height.Input) + y) * Geometry.Width.Input) + Geometry.Width.Start(w);
            return X + (position * Geometry.Channels);
        }

        private readonly float* KernelAt(int tapD, int tapH) =>
            Kernel + (((nint)tapD * Geometry.Height.Kernel) + tapH) * Geometry.Width.Kernel * Geometry.Channels;
    }
}
