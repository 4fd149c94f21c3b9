using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Convolution by 3 × 3 taps in steps of one, by Winograd's F(2×2, 3×3): a square of 2 × 2 outputs takes 16 multiplications a channel and
/// filter where the definition takes 36. Y = Aᵀ[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]A, d being the 4 × 4 inputs that the square sees; summed over channels
/// before the last transform, the middle is 16 matrix products, one for each place of the 4 × 4. (Lavin and Gray, 2015.)
/// </summary>
/// <remarks>
/// All factors of Bᵀ and Aᵀ are 0, 1 and −1, so the sums lose no more than about one bit against the definition; larger squares would
/// multiply less and lose more. Parts are blocks of squares and of filters.
/// </remarks>
internal unsafe struct WinogradConvolution : IParallelBody
{
    /// <summary>Places of the 4 × 4.</summary>
    public const int Places = 16;

    /// <summary>Outputs along a side of a square.</summary>
    private const int Side = 2;

    /// <summary>Fewer channels, filters or squares, and the transforms cost more than they save.</summary>
    private const int LeastChannels = 32, LeastFilters = 32, LeastSquares = 32;

    /// <summary>Floats of products that stay in the second-level cache until they are transformed back.</summary>
    private const int ProductFloats = 1 << 17;

    /// <summary>Filters of a part: with many, few squares would fit, and the kernel would be read from memory for each few of them.</summary>
    private const int MostColumns = 128;

    private float* _x;
    private WindowGeometry _geometry;
    private WinogradKernel _kernel;
    private float* _y;
    private Epilogue _epilogue;
    private WinogradBlocks _blocks;
    private float* _workspace;

    /// <summary>Whether this is the way to convolve. It depends on sizes alone, so that the same sizes give the same numbers.</summary>
    public static bool Suits(WindowGeometry geometry, int filters, int groups) =>
        groups == 1 && geometry.Channels >= LeastChannels && filters >= LeastFilters && IsNine(geometry)
        && WinogradBlocks.Squares(geometry) >= LeastSquares;

    public static int WorkspaceFloats(WindowGeometry geometry, int filters)
    {
        // One thread takes the largest parts.
        return CpuThreads.Count * new WinogradBlocks(geometry, filters, threads: 1).Floats;
    }

    /// <summary>Convolves. <paramref name="epilogue"/>'s residual has the output's shape; it cannot accumulate.</summary>
    public static void Run(float* x, WindowGeometry geometry, WinogradKernel kernel, float* y, in Epilogue epilogue, Span<float> workspace)
    {
        var blocks = new WinogradBlocks(geometry, kernel.Filters, CpuThreads.Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(workspace.Length, blocks.Floats, nameof(workspace));
        fixed (float* start = workspace)
        {
            WinogradConvolution body = new()
            {
                _x = x,
                _geometry = geometry,
                _kernel = kernel,
                _y = y,
                _epilogue = epilogue,
                _blocks = blocks,
                _workspace = start,
            };
            CpuThreads.For(blocks.SquareParts * blocks.ColumnParts, body, workspace.Length / blocks.Floats);
        }

        GC.KeepAlive(kernel);
    }

    public void Run(int part, int slot)
    {
        int square = part / _blocks.ColumnParts * _blocks.SquaresPerPart;
        int column = part % _blocks.ColumnParts * _blocks.ColumnsPerPart;
        KernelTable.Run(_kernel.Set, new PartBody
        {
            Owner = this,
            FirstSquare = square,
            Squares = Math.Min(_blocks.SquaresPerPart, WinogradBlocks.Squares(_geometry) - square),
            FirstColumn = column,
            Columns = Math.Min(_blocks.ColumnsPerPart, _kernel.Filters - column),
            Memory = _workspace + ((nint)slot * _blocks.Floats),
        });
    }

    private static bool IsNine(WindowGeometry geometry) =>
        geometry.Depth is { Kernel: 1, Input: 1, Output: 1 } && IsThree(geometry.Height) && IsThree(geometry.Width);

    private static bool IsThree(SpatialAxis axis) => axis is { Kernel: 3, Stride: 1, Dilation: 1 };

    /// <summary>How the work is cut up, and the memory of a part: zeros, squares, copied rows, products.</summary>
    private readonly struct WinogradBlocks
    {
        public WinogradBlocks(WindowGeometry geometry, int filters, int threads)
        {
            int squares = Squares(geometry);
            ColumnsPerPart = Math.Min(MostColumns, GemmBlocks.RoundUp(filters, 32));
            int most = Math.Min(GemmBlocks.Rows, ProductFloats / (Places * ColumnsPerPart) / 12 * 12);
            SquareParts = (squares + most - 1) / most;
            ColumnParts = (filters + ColumnsPerPart - 1) / ColumnsPerPart;
            if (SquareParts * ColumnParts % threads != 0)
            {
                SquareParts = GemmBlocks.RoundUp(SquareParts, threads);
            }

            SquaresPerPart = GemmBlocks.RoundUp((squares + SquareParts - 1) / SquareParts, 2);
            SquareParts = (squares + SquaresPerPart - 1) / SquaresPerPart;
            ZeroFloats = GemmBlocks.RoundUp(geometry.Channels, 16);
            SquareFloats = GemmBlocks.RoundUp(SquaresPerPart * sizeof(WinogradSquare) / sizeof(float), 16);
            RowFloats = GemmBlocks.RowBlockFloats(SquaresPerPart);
            Floats = ZeroFloats + SquareFloats + RowFloats + (Places * SquaresPerPart * ColumnsPerPart);
        }

        public int SquareParts { get; }

        public int SquaresPerPart { get; }

        public int ColumnParts { get; }

        public int ColumnsPerPart { get; }

        public int ZeroFloats { get; }

        public int SquareFloats { get; }

        public int RowFloats { get; }

        public int Floats { get; }

        /// <summary>Squares that cover the outputs of all images.</summary>
        public static int Squares(WindowGeometry geometry) => geometry.Batch * Along(geometry.Height) * Along(geometry.Width);

        public static int Along(SpatialAxis axis) => (axis.Output + Side - 1) / Side;
    }

    private struct PartBody : ILaneBody
    {
        public WinogradConvolution Owner;
        public int FirstSquare;
        public int Squares;
        public int FirstColumn;
        public int Columns;
        public float* Memory;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            float* zeros = Memory;
            WinogradSquare* squares = (WinogradSquare*)(zeros + Owner._blocks.ZeroFloats);
            float* rows = (float*)squares + Owner._blocks.SquareFloats;
            float* products = rows + Owner._blocks.RowFloats;
            RowCopy.Clear<V>(zeros, Owner._blocks.ZeroFloats);
            FindSquares(squares);
            nint stride = Owner._blocks.ColumnsPerPart;
            nint placeStride = Squares * stride;
            for (int place = 0; place < Places; place++)
            {
                ProductBlock<WinogradRows> product = new()
                {
                    Source = new WinogradRows(squares, Owner._geometry, place, zeros),
                    B = Owner._kernel.Place(place),
                    C = products + (place * placeStride),
                    Stride = stride,
                    Rows = Squares,
                    FirstColumn = FirstColumn,
                    Columns = Columns,
                    Block = rows,
                };
                product.Run<V>();
            }

            SpatialAxis height = Owner._geometry.Height;
            SpatialAxis width = Owner._geometry.Width;
            for (int i = 0; i < Squares; i++)
            {
                int h = squares[i].Y + height.PadBegin;
                int w = squares[i].X + width.PadBegin;
                nint position = ((((nint)squares[i].Image * height.Output) + h) * width.Output) + w;
                Back<V>(products + (i * stride), placeStride, position, Math.Min(Side, height.Output - h), Math.Min(Side, width.Output - w));
            }
        }

        private readonly void FindSquares(WinogradSquare* squares)
        {
            SpatialAxis height = Owner._geometry.Height;
            SpatialAxis width = Owner._geometry.Width;
            int along = WinogradBlocks.Along(width);
            int down = WinogradBlocks.Along(height);
            for (int i = 0; i < Squares; i++)
            {
                int square = FirstSquare + i;
                int image = square / along / down;
                int y = height.Start(square / along % down * Side);
                int x = width.Start(square % along * Side);
                squares[i] = new WinogradSquare
                {
                    Corner = Owner._x + ((((((nint)image * height.Input) + y) * width.Input) + x) * Owner._geometry.Channels),
                    Image = image,
                    Y = y,
                    X = x,
                    IsInside = y >= 0 && x >= 0 && y + 4 <= height.Input && x + 4 <= width.Input,
                };
            }
        }

        /// <summary>Aᵀ·m·A of one square, and its epilogue. Aᵀ is (1 1 1 0; 0 1 −1 −1).</summary>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Back<V>(float* products, nint placeStride, nint position, int lines, int columns)
            where V : struct, ILanes<V>
        {
            int filters = Owner._kernel.Filters;
            Epilogue epilogue = Owner._epilogue.At(position, FirstColumn);
            bool clamps = epilogue.IsClamp(out float low, out float high);
            V lowest = V.Broadcast(clamps ? low : float.NegativeInfinity);
            V highest = V.Broadcast(clamps ? high : float.PositiveInfinity);
            float* y = Owner._y + (position * filters) + FirstColumn;
            nint line = (nint)Owner._geometry.Width.Output * filters;
            float* residual = epilogue.Residual;
            nint residualLine = Owner._geometry.Width.Output * epilogue.ResidualStride;
            for (int column = 0; column < Columns; column += V.Count)
            {
                int count = Math.Min(V.Count, Columns - column);
                V top0 = Sum(products + column, placeStride, 0, out V bottom0);
                V top1 = Sum(products + column, placeStride, 1, out V bottom1);
                V top2 = Sum(products + column, placeStride, 2, out V bottom2);
                V top3 = Sum(products + column, placeStride, 3, out V bottom3);
                V bias = epilogue.Bias != null ? V.LoadPartial(epilogue.Bias + column, count) : V.Zero;
                PutLine(top0 + top1 + top2 + bias, top1 - top2 - top3 + bias, residual, y + column);
                if (lines > 1)
                {
                    float* below = residual != null ? residual + residualLine : null;
                    PutLine(bottom0 + bottom1 + bottom2 + bias, bottom1 - bottom2 - bottom3 + bias, below, y + line + column);
                }

                residual = residual != null ? residual + V.Count : null;

                [MethodImpl(MethodImplOptions.AggressiveInlining)]
                void PutLine(V left, V right, float* added, float* target)
                {
                    Put(left, added, target, count, lowest, highest);
                    if (columns > 1)
                    {
                        Put(right, added != null ? added + epilogue.ResidualStride : null, target + filters, count, lowest, highest);
                    }
                }
            }

            for (int i = 0; i < lines * columns && !clamps; i++)
            {
                epilogue.Activation.Apply(y + (i / columns * line) + (i % columns * filters), Columns);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Put<V>(V sum, float* residual, float* y, int count, V lowest, V highest)
            where V : struct, ILanes<V>
        {
            sum = residual != null ? sum + V.LoadPartial(residual, count) : sum;
            V.StorePartial(V.Min(highest, V.Max(lowest, sum)), y, count);
        }

        // A column of the 4 × 4: its first three, and its second without the last two.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static V Sum<V>(float* m, nint placeStride, int column, out V bottom)
            where V : struct, ILanes<V>
        {
            V m1 = V.Load(m + ((4 + column) * placeStride));
            V m2 = V.Load(m + ((8 + column) * placeStride));
            bottom = m1 - m2 - V.Load(m + ((12 + column) * placeStride));
            return V.Load(m + (column * placeStride)) + m1 + m2;
        }
    }
}
