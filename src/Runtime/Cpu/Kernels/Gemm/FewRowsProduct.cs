using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// C = A·B for up to four rows, where reading B is all the work: each panel is read once, front to back, and A is used
/// where it lies. Parts are panels.
/// </summary>
internal unsafe struct FewRowsProduct(
    float* a, nint aStride, Panels b, KernelSet set, float* c, nint stride, int rows, Epilogue epilogue) : IParallelBody
{
    public const int MaxRows = 4;

    /// <summary>Floats of B below which a second thread costs more than it saves.</summary>
    private const long SerialFloats = 1 << 16;

    private int _columnsPerPart;

    public void Run()
    {
        int width = 2 * KernelTable.Lanes(set);
        bool serial = (long)b.Columns * b.Depth < SerialFloats;
        int parts = serial ? 1 : Math.Min(CpuThreads.Count, (b.Columns + width - 1) / width);
        _columnsPerPart = GemmBlocks.RoundUp((b.Columns + parts - 1) / parts, width);
        CpuThreads.For((b.Columns + _columnsPerPart - 1) / _columnsPerPart, this);
    }

    public void Run(int part, int slot)
    {
        int column = part * _columnsPerPart;
        int columns = Math.Min(_columnsPerPart, b.Columns - column);
        KernelTable.Run(set, new ColumnBody
        {
            A = a,
            AStride = aStride,
            B = b,
            C = c,
            Stride = stride,
            Rows = rows,
            FirstColumn = column,
            EndColumn = column + columns,
            Epilogue = epilogue,
        });
        epilogue.Activate(c + column, stride, rows, columns);
    }

    private struct ColumnBody : ILaneBody
    {
        public float* A;
        public nint AStride;
        public Panels B;
        public float* C;
        public nint Stride;
        public int Rows;
        public int FirstColumn;
        public int EndColumn;
        public Epilogue Epilogue;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        [SkipLocalsInit]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            float* sums = stackalloc float[MaxRows * TileShape<V>.Width];
            bool isClamp = Epilogue.IsClamp(out float low, out float high);
            for (int column = FirstColumn; column < EndColumn; column += TileShape<V>.Width)
            {
                int registers = B.Registers<V>(column);
                int width = registers * V.Count;
                float* panel = B.At<V>(column, 0);
                if (Rows == 1)
                {
                    if (registers == 2)
                    {
                        OneRowTwo<V>(panel, sums);
                    }
                    else
                    {
                        OneRowOne<V>(panel, sums);
                    }
                }
                else
                {
                    for (int register = 0; register < registers; register++)
                    {
                        FourRows<V>(panel + (register * V.Count), width, sums + (register * V.Count));
                    }
                }

                TileTarget target = new()
                {
                    C = C + column,
                    Stride = Stride,
                    Rows = Rows,
                    Columns = Math.Min(width, EndColumn - column),
                    Accumulate = Epilogue.Accumulate,
                    Bias = Epilogue.Bias == null ? null : Epilogue.Bias + column,
                    Residual = Epilogue.Residual == null ? null : Epilogue.Residual + column,
                    ResidualStride = Epilogue.ResidualStride,
                    Clamp = isClamp,
                    Low = low,
                    High = high,
                };
                target.Finish<V>(sums, width);
            }
        }

        // One row and two registers: a single chain of multiply-adds would wait for itself (latency 4, two units).
        // Four chains take every fourth step of k and are added in pairs at the end; the steps left over go to chain 0.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void OneRowTwo<V>(float* b, float* sums)
            where V : struct, ILanes<V>
        {
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            V t0 = V.Zero, t1 = V.Zero, t2 = V.Zero, t3 = V.Zero;
            float* a = A;
            int k = B.Depth;
            for (; k >= 4; k -= 4)
            {
                V x0 = V.Broadcast(a[0]);
                V x1 = V.Broadcast(a[1]);
                V x2 = V.Broadcast(a[2]);
                V x3 = V.Broadcast(a[3]);
                s0 = V.MultiplyAdd(x0, V.Load(b), s0);
                t0 = V.MultiplyAdd(x0, V.Load(b + V.Count), t0);
                s1 = V.MultiplyAdd(x1, V.Load(b + (2 * V.Count)), s1);
                t1 = V.MultiplyAdd(x1, V.Load(b + (3 * V.Count)), t1);
                s2 = V.MultiplyAdd(x2, V.Load(b + (4 * V.Count)), s2);
                t2 = V.MultiplyAdd(x2, V.Load(b + (5 * V.Count)), t2);
                s3 = V.MultiplyAdd(x3, V.Load(b + (6 * V.Count)), s3);
                t3 = V.MultiplyAdd(x3, V.Load(b + (7 * V.Count)), t3);
                a += 4;
                b += 8 * V.Count;
            }

            for (; k > 0; k--)
            {
                V x0 = V.Broadcast(*a++);
                s0 = V.MultiplyAdd(x0, V.Load(b), s0);
                t0 = V.MultiplyAdd(x0, V.Load(b + V.Count), t0);
                b += 2 * V.Count;
            }

            V.Store((s0 + s1) + (s2 + s3), sums);
            V.Store((t0 + t1) + (t2 + t3), sums + V.Count);
        }

        // The same for a panel of one register.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void OneRowOne<V>(float* b, float* sums)
            where V : struct, ILanes<V>
        {
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            float* a = A;
            int k = B.Depth;
            for (; k >= 4; k -= 4)
            {
                s0 = V.MultiplyAdd(V.Broadcast(a[0]), V.Load(b), s0);
                s1 = V.MultiplyAdd(V.Broadcast(a[1]), V.Load(b + V.Count), s1);
                s2 = V.MultiplyAdd(V.Broadcast(a[2]), V.Load(b + (2 * V.Count)), s2);
                s3 = V.MultiplyAdd(V.Broadcast(a[3]), V.Load(b + (3 * V.Count)), s3);
                a += 4;
                b += 4 * V.Count;
            }

            for (; k > 0; k--)
            {
                s0 = V.MultiplyAdd(V.Broadcast(*a++), V.Load(b), s0);
                b += V.Count;
            }

            V.Store((s0 + s1) + (s2 + s3), sums);
        }

        // Two to four rows on one register of columns, in two chains each. Missing rows repeat the last one.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void FourRows<V>(float* b, int width, float* sums)
            where V : struct, ILanes<V>
        {
            float* a0 = A;
            float* a1 = A + AStride;
            float* a2 = Rows > 2 ? a1 + AStride : a1;
            float* a3 = Rows > 3 ? a2 + AStride : a2;
            V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
            V t0 = V.Zero, t1 = V.Zero, t2 = V.Zero, t3 = V.Zero;
            int k = 0;
            for (; k <= B.Depth - 2; k += 2)
            {
                V b0 = V.Load(b);
                V b1 = V.Load(b + width);
                s0 = V.MultiplyAdd(V.Broadcast(a0[k]), b0, s0);
                t0 = V.MultiplyAdd(V.Broadcast(a0[k + 1]), b1, t0);
                s1 = V.MultiplyAdd(V.Broadcast(a1[k]), b0, s1);
                t1 = V.MultiplyAdd(V.Broadcast(a1[k + 1]), b1, t1);
                s2 = V.MultiplyAdd(V.Broadcast(a2[k]), b0, s2);
                t2 = V.MultiplyAdd(V.Broadcast(a2[k + 1]), b1, t2);
                s3 = V.MultiplyAdd(V.Broadcast(a3[k]), b0, s3);
                t3 = V.MultiplyAdd(V.Broadcast(a3[k + 1]), b1, t3);
                b += 2 * width;
            }

            if (k < B.Depth)
            {
                V b0 = V.Load(b);
                s0 = V.MultiplyAdd(V.Broadcast(a0[k]), b0, s0);
                s1 = V.MultiplyAdd(V.Broadcast(a1[k]), b0, s1);
                s2 = V.MultiplyAdd(V.Broadcast(a2[k]), b0, s2);
                s3 = V.MultiplyAdd(V.Broadcast(a3[k]), b0, s3);
            }

            V.Store(s0 + t0, sums);
            V.Store(s1 + t1, sums + width);
            V.Store(s2 + t2, sums + (2 * width));
            V.Store(s3 + t3, sums + (3 * width));
        }
    }
}
