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

    /// <summary>One line of the output.</summary>
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
        /// First the lines of the input under the kernel are looked up, those inside the image. Then positions whose window
        /// lies inside the line are taken eight or four at once, so that a register of the kernel is loaded once for
        /// as many multiply-adds and their chains overlap. All channels of a few positions come before the next
        /// positions: so the input is read in the order of memory.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            WindowGeometry geometry = Geometry;
            int capacity = geometry.Depth.Kernel * geometry.Height.Kernel;
            WindowLine* lines = stackalloc WindowLine[capacity];
            int count = Geometry.FindLines(X, D, H, lines);
            SpatialAxis width = geometry.Width;
            int channels = geometry.Channels;
            (int inside, int endInside) = width.Inside();
            DepthwiseStrip strip = new()
            {
                Lines = lines,
                Count = count,
                Kernel = Kernel,
                Taps = width.Kernel,
                Channels = channels,
                TapStep = (nint)width.Dilation * channels,
                Next = (nint)width.Stride * channels,
            };
            strip.HasBounds = Epilogue.IsClamp(out strip.Low, out strip.High);
            for (int w = 0; w < width.Output;)
            {
                // A last group shorter than the others moves left and computes some positions again. (A residual may be
                // the output itself, and must be added once.)
                int room = w >= inside ? endInside - w : 0;
                int reach = Epilogue.Residual == null && room > 0 ? endInside - inside : room;
                int positions = reach >= 8 && room > 4 ? 8 : reach >= 4 ? 4 : 1;
                w = positions > 1 ? Math.Min(w, endInside - positions) : w;
                strip.X = width.Start(w) * (nint)channels;
                for (int channel = 0; channel < channels; channel += V.Count)
                {
                    strip.Channel = channel;
                    strip.Bias = Epilogue.Bias != null ? Epilogue.Bias + channel : null;
                    strip.Y = Y + ((nint)w * channels) + channel;
                    strip.Residual = Epilogue.Residual != null ? Epilogue.Residual + (w * Epilogue.ResidualStride) + channel : null;
                    strip.ResidualStride = Epilogue.ResidualStride;
                    if (channel + V.Count > channels)
                    {
                        for (int i = 0; i < positions; i++)
                        {
                            strip.One<V>(width.FirstTap(w + i), width.EndTap(w + i), channels - channel);
                            strip.MoveRight();
                        }

                        strip.X = width.Start(w) * (nint)channels;
                    }
                    else if (positions == 8)
                    {
                        strip.Several<V, Rows8>();
                    }
                    else if (positions == 4)
                    {
                        strip.Several<V, Rows4>();
                    }
                    else
                    {
                        strip.One<V>(width.FirstTap(w), width.EndTap(w), V.Count);
                    }
                }

                w += positions;
            }
        }

        /// <summary>Several kernels a channel: rare, and written for clearness.</summary>
        public readonly void RunMultiplied(int multiplier)
        {
            int channels = Geometry.Channels;
            int filters = channels * multiplier;
            WindowLine* lines = stackalloc WindowLine[Geometry.Depth.Kernel * Geometry.Height.Kernel];
            int count = Geometry.FindLines(X, D, H, lines);
            bool isClamp = Epilogue.IsClamp(out float low, out float high);
            for (int w = 0; w < Geometry.Width.Output; w++)
            {
                for (int o = 0; o < filters; o++)
                {
                    float sum = Epilogue.Bias != null ? Epilogue.Bias[o] : 0f;
                    for (int i = 0; i < count; i++)
                    {
                        float* x = lines[i].X + (Geometry.Width.Start(w) * (nint)channels) + (o / multiplier);
                        float* k = Kernel + (lines[i].Offset * multiplier) + o;
                        for (int tap = Geometry.Width.FirstTap(w); tap < Geometry.Width.EndTap(w); tap++)
                        {
                            sum += x[(nint)tap * Geometry.Width.Dilation * channels] * k[(nint)tap * filters];
                        }
                    }

                    sum += Epilogue.Residual != null ? Epilogue.Residual[(w * Epilogue.ResidualStride) + o] : 0f;
                    Y[((nint)w * filters) + o] = !isClamp ? sum : sum < low ? low : sum > high ? high : sum;
                }
            }
        }
    }
}
