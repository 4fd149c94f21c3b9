using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Convolution of images of few channels, such as a first layer's: windows are so short that copying them side by side costs more than
/// their product, so the product reads the image itself. Parts are lines of the output.
/// </summary>
internal unsafe struct FewChannelConvolution : IParallelBody
{
    private const int MostChannels = 4;

    /// <summary>Multiply-adds below which a second thread costs more than it saves.</summary>
    private const long SerialWork = 1 << 17;

    private float* _x;
    private WindowGeometry _geometry;
    private Panels _kernel;
    private KernelSet _set;
    private float* _y;
    private Epilogue _epilogue;

    /// <summary>Whether this is the way to convolve. It depends on sizes alone, so that the same sizes give the same numbers.</summary>
    public static bool Suits(WindowGeometry geometry, PackedKernel kernel) =>
        geometry.Channels <= MostChannels && kernel.Groups.Length == 1 && geometry.Width is { Dilation: 1 } && !geometry.IsPointwise;

    /// <summary>Convolves. <paramref name="epilogue"/>'s residual has the output's shape; it cannot accumulate.</summary>
    public static void Run(float* x, WindowGeometry geometry, PackedKernel kernel, float* y, in Epilogue epilogue)
    {
        PackedMatrix matrix = kernel.Groups[0];
        FewChannelConvolution body = new()
        {
            _x = x,
            _geometry = geometry,
            _kernel = matrix.Panels,
            _set = matrix.Set,
            _y = y,
            _epilogue = epilogue,
        };
        long work = (long)geometry.OutputPositions * matrix.Rows * matrix.Columns;
        CpuThreads.For(geometry.OutputPositions / geometry.Width.Output, body, work < SerialWork ? 1 : int.MaxValue);
        GC.KeepAlive(matrix);
    }

    public void Run(int part, int slot)
    {
        int h = part % _geometry.Height.Output;
        int d = part / _geometry.Height.Output % _geometry.Depth.Output;
        int batch = part / _geometry.Height.Output / _geometry.Depth.Output;
        nint first = (nint)part * _geometry.Width.Output;
        float* y = _y + (first * _kernel.Columns);
        KernelTable.Run(_set, new LineBody
        {
            X = _x + ((nint)batch * _geometry.Depth.Input * _geometry.Height.Input * _geometry.Width.Input * _geometry.Channels),
            Geometry = _geometry,
            Kernel = _kernel,
            Y = y,
            D = d,
            H = h,
            Epilogue = _epilogue.At(first, 0),
        });
        _epilogue.Activate(y, _kernel.Columns, _geometry.Width.Output, _kernel.Columns);
    }

    /// <summary>One line of the output.</summary>
    private struct LineBody : ILaneBody
    {
        public float* X;
        public WindowGeometry Geometry;
        public Panels Kernel;
        public float* Y;
        public int D;
        public int H;
        public Epilogue Epilogue;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            WindowLine* lines = stackalloc WindowLine[Geometry.Depth.Kernel * Geometry.Height.Kernel];
            FewChannelStrip strip = new()
            {
                Lines = lines,
                Count = Geometry.FindLines(X, D, H, lines),
                LineFloats = Geometry.Width.Kernel * Geometry.Channels,
                Next = (nint)Geometry.Width.Stride * Geometry.Channels,
                Stride = Kernel.Columns,
                ResidualStride = Epilogue.ResidualStride,
            };
            bool clamps = Epilogue.IsClamp(out float low, out float high);
            strip.Low = clamps ? low : float.NegativeInfinity;
            strip.High = clamps ? high : float.PositiveInfinity;
            for (int column = 0; column < Kernel.Columns; column += 2 * V.Count)
            {
                strip.Panel = Kernel.At<V>(column, 0);
                strip.Columns = Math.Min(2 * V.Count, Kernel.Columns - column);
                strip.Bias = Epilogue.Bias != null ? Epilogue.Bias + column : null;
                if (Kernel.Registers<V>(column) == 2)
                {
                    Panel<V, TwoRegisters>(strip, column);
                }
                else
                {
                    Panel<V, OneRegister>(strip, column);
                }
            }
        }

        // Positions whose windows lie inside the line are taken six at once; at the line's ends one by one.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Panel<V, TRegisters>(FewChannelStrip strip, int column)
            where V : struct, ILanes<V>
            where TRegisters : struct, IRegisters
        {
            SpatialAxis width = Geometry.Width;
            (int inside, int endInside) = width.Inside();
            for (int w = 0; w < width.Output;)
            {
                // A last group shorter than the others moves left and computes some positions again. (A residual may be
                // the output itself, and must be added once.)
                int room = w >= inside ? endInside - w : 0;
                int reach = Epilogue.Residual == null && room > 1 ? endInside - inside : room;
                int positions = reach >= FewChannelStrip.Positions ? FewChannelStrip.Positions : 1;
                w = positions > 1 ? Math.Min(w, endInside - positions) : w;
                strip.Y = Y + ((nint)w * strip.Stride) + column;
                strip.Residual = Epilogue.Residual != null ? Epilogue.Residual + (w * strip.ResidualStride) + column : null;
                strip.X = width.Start(w) * (nint)Geometry.Channels;
                if (positions > 1)
                {
                    strip.Six<V, TRegisters>();
                }
                else
                {
                    strip.One<V>(width.FirstTap(w) * Geometry.Channels, width.EndTap(w) * Geometry.Channels, TRegisters.Count);
                }

                w += positions;
            }
        }
    }
}

/// <summary>How many registers wide a panel is, as a constant the compiler sees.</summary>
internal interface IRegisters
{
    static abstract int Count { get; }
}

internal readonly struct OneRegister : IRegisters
{
    public static int Count => 1;
}

internal readonly struct TwoRegisters : IRegisters
{
    public static int Count => 2;
}
