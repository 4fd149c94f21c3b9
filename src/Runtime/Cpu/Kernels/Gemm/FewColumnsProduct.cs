using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// C = A·B for up to three columns, each kept as a run of k floats: one dot product an element. Parts are blocks of rows.
/// </summary>
internal unsafe struct FewColumnsProduct(
    float* a, nint aStride, float* b, int depth, int columns, KernelSet set, float* c, nint stride, int rows, Epilogue epilogue)
    : IParallelBody
{
    private const long SerialWork = 1 << 16;

    private int _rowsPerPart;

    public void Run()
    {
        int parts = (long)rows * depth * columns < SerialWork ? 1 : Math.Min(rows, 2 * CpuThreads.Count);
        _rowsPerPart = Math.Max(1, (rows + parts - 1) / parts);
        CpuThreads.For((rows + _rowsPerPart - 1) / _rowsPerPart, this);
    }

    public void Run(int part, int slot)
    {
        int first = part * _rowsPerPart;
        int count = Math.Min(_rowsPerPart, rows - first);
        KernelTable.Run(set, new RowBody
        {
            A = a + (first * aStride),
            AStride = aStride,
            B = b,
            Depth = depth,
            Columns = columns,
            C = c + (first * stride),
            Stride = stride,
            Rows = count,
            Epilogue = epilogue.At(first, 0),
        });
        epilogue.Activate(c + (first * stride), stride, count, columns);
    }

    private struct RowBody : ILaneBody
    {
        public float* A;
        public nint AStride;
        public float* B;
        public int Depth;
        public int Columns;
        public float* C;
        public nint Stride;
        public int Rows;
        public Epilogue Epilogue;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            bool isClamp = Epilogue.IsClamp(out float low, out float high);
            for (int row = 0; row < Rows; row++)
            {
                for (int column = 0; column < Columns; column++)
                {
                    float sum = DotProduct.Of<V>(A + (row * AStride), B + ((nint)column * Depth), Depth);
                    float* c = C + (row * Stride) + column;
                    sum += Epilogue.Accumulate ? *c : 0f;
                    sum += Epilogue.Bias != null ? Epilogue.Bias[column] : 0f;
                    sum += Epilogue.Residual != null ? Epilogue.Residual[(row * Epilogue.ResidualStride) + column] : 0f;
                    *c = !isClamp ? sum : sum < low ? low : sum > high ? high : sum;
                }
            }
        }
    }
}

/// <summary>Σ x[i]·y[i]: four registers of sums, each taking every fourth register of input, added in pairs at the end.</summary>
internal static unsafe class DotProduct
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Of<V>(float* x, float* y, int count)
        where V : struct, ILanes<V>
    {
        V s0 = V.Zero, s1 = V.Zero, s2 = V.Zero, s3 = V.Zero;
        int i = 0;
        for (; i <= count - (4 * V.Count); i += 4 * V.Count)
        {
            s0 = V.MultiplyAdd(V.Load(x + i), V.Load(y + i), s0);
            s1 = V.MultiplyAdd(V.Load(x + i + V.Count), V.Load(y + i + V.Count), s1);
            s2 = V.MultiplyAdd(V.Load(x + i + (2 * V.Count)), V.Load(y + i + (2 * V.Count)), s2);
            s3 = V.MultiplyAdd(V.Load(x + i + (3 * V.Count)), V.Load(y + i + (3 * V.Count)), s3);
        }

        for (; i < count; i += V.Count)
        {
            int rest = Math.Min(V.Count, count - i);
            s0 = V.MultiplyAdd(V.LoadPartial(x + i, rest), V.LoadPartial(y + i, rest), s0);
        }

        return V.Sum((s0 + s1) + (s2 + s3));
    }
}
