using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Normalises each row of a matrix: y = (x − mean) / √(variance + epsilon) · gamma + beta, or without the mean,
/// y = x / √(mean of squares + epsilon) · gamma + beta. The result may lie on top of the input. Parts are blocks of rows.
/// </summary>
/// <remarks>The variance is the mean of (x − mean)², in a second pass over a row that is in cache: no cancellation.</remarks>
internal unsafe struct RowNormalization : IParallelBody
{
    private const int PartFloats = 1 << 14;

    private float* _x;
    private float* _y;
    private int _rows;
    private int _count;
    private float* _gamma;
    private float* _beta;
    private float _epsilon;
    private bool _center;
    private int _rowsPerPart;

    /// <param name="x">The rows.</param>
    /// <param name="y">The result.</param>
    /// <param name="rows">How many rows.</param>
    /// <param name="count">Floats of a row.</param>
    /// <param name="gamma">One factor a column, or null.</param>
    /// <param name="beta">One summand a column, or null.</param>
    /// <param name="epsilon">Added under the root.</param>
    /// <param name="center">Whether the mean is subtracted: layer normalisation; if not, RMS normalisation.</param>
    public static void Run(float* x, float* y, int rows, int count, float* gamma, float* beta, float epsilon, bool center = true)
    {
        if ((long)rows * count == 0)
        {
            return;
        }

        RowNormalization body = new()
        {
            _x = x,
            _y = y,
            _rows = rows,
            _count = count,
            _gamma = gamma,
            _beta = beta,
            _epsilon = epsilon,
            _center = center,
            _rowsPerPart = Math.Max(1, PartFloats / count),
        };
        CpuThreads.For((rows + body._rowsPerPart - 1) / body._rowsPerPart, body);
    }

    public void Run(int part, int slot) => KernelTable.Run(new RowsBody { Owner = this, First = part * _rowsPerPart });

    private struct RowsBody : ILaneBody
    {
        public RowNormalization Owner;
        public int First;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            int end = Math.Min(Owner._rows, First + Owner._rowsPerPart);
            for (int row = First; row < end; row++)
            {
                nint offset = (nint)row * Owner._count;
                Row<V>(Owner._x + offset, Owner._y + offset);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Row<V>(float* x, float* y)
            where V : struct, ILanes<V>
        {
            int count = Owner._count;
            float mean = Owner._center ? Sum<V>(x, V.Zero, squares: false) / count : 0f;
            V center = V.Broadcast(mean);
            float variance = Sum<V>(x, center, squares: true) / count;
            V inverse = V.Broadcast(1f / MathF.Sqrt(variance + Owner._epsilon));
            for (int i = 0; i < count; i += V.Count)
            {
                int lanes = Math.Min(V.Count, count - i);
                V scale = Owner._gamma == null ? inverse : inverse * V.LoadPartial(Owner._gamma + i, lanes);
                V shift = Owner._beta == null ? V.Zero : V.LoadPartial(Owner._beta + i, lanes);
                V.StorePartial(V.MultiplyAdd(V.LoadPartial(x + i, lanes) - center, scale, shift), y + i, lanes);
            }
        }

        // Two registers of sums, taking turns. Lanes beyond the end hold the centre: they add nothing.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly float Sum<V>(float* x, V center, bool squares)
            where V : struct, ILanes<V>
        {
            V s0 = V.Zero, s1 = V.Zero;
            int i = 0;
            for (; i <= Owner._count - (2 * V.Count); i += 2 * V.Count)
            {
                V a = V.Load(x + i) - center;
                V b = V.Load(x + i + V.Count) - center;
                s0 = squares ? V.MultiplyAdd(a, a, s0) : s0 + a;
                s1 = squares ? V.MultiplyAdd(b, b, s1) : s1 + b;
            }

            for (; i < Owner._count; i += V.Count)
            {
                V a = V.LoadPartial(x + i, Math.Min(V.Count, Owner._count - i), center) - center;
                s0 = squares ? V.MultiplyAdd(a, a, s0) : s0 + a;
            }

            return V.Sum(s0 + s1);
        }
    }
}
