using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Softmax e^(x − max) / Σ e^(x − max), or its logarithm x − max − log Σ e^(x − max), along one axis of a tensor seen as
/// (outer, count, inner). The result may lie on top of the input. Parts are blocks of rows.
/// </summary>
internal unsafe struct Softmax : IParallelBody
{
    private const int PartFloats = 1 << 14;

    private float* _x;
    private float* _y;
    private int _outer;
    private int _count;
    private int _inner;
    private bool _logarithm;
    private int _rowsPerPart;

    public static void Run(float* x, float* y, int outer, int count, int inner = 1, bool logarithm = false)
    {
        if ((long)outer * count * inner == 0)
        {
            return;
        }

        int rowFloats = checked(count * inner);
        Softmax body = new()
        {
            _x = x,
            _y = y,
            _outer = outer,
            _count = count,
            _inner = inner,
            _logarithm = logarithm,
            _rowsPerPart = Math.Max(1, PartFloats / rowFloats),
        };
        CpuThreads.For((outer + body._rowsPerPart - 1) / body._rowsPerPart, body);
    }

    public void Run(int part, int slot)
    {
        int first = part * _rowsPerPart;
        nint offset = (nint)first * _count * _inner;
        RowsBody body = new()
        {
            X = _x + offset,
            Y = _y + offset,
            Rows = Math.Min(_rowsPerPart, _outer - first),
            Count = _count,
            Inner = _inner,
            Logarithm = _logarithm,
        };
        KernelTable.Run(body);
    }

    private struct RowsBody : ILaneBody
    {
        public float* X;
        public float* Y;
        public int Rows;
        public int Count;
        public int Inner;
        public bool Logarithm;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            for (int row = 0; row < Rows; row++)
            {
                nint offset = (nint)row * Count * Inner;
                if (Inner == 1)
                {
                    Row<V>(X + offset, Y + offset);
                    continue;
                }

                for (int i = 0; i < Inner; i += V.Count)
                {
                    Column<V>(X + offset + i, Y + offset + i, Math.Min(V.Count, Inner - i));
                }
            }
        }

        // The lanes beyond the end of a row hold −∞, which neither the maximum nor the sum of exponentials feels. The sum
        // goes block by block, as in a reduction.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Row<V>(float* x, float* y)
            where V : struct, ILanes<V>
        {
            V lowest = V.Broadcast(float.NegativeInfinity);
            V largest = lowest;
            for (int i = 0; i < Count; i += V.Count)
            {
                V value = At(x, i, lowest);
                largest = V.Select(V.EqualTo(largest, largest), V.Max(largest, value), largest);
            }

            V max = V.Broadcast(V.MaxAcross(largest));
            V sum = V.Zero;
            int blockFloats = Reduction.BlockLength * V.Count;
            for (int block = 0; block < Count; block += blockFloats)
            {
                V part = V.Zero;
                int end = Math.Min(Count, block + blockFloats);
                for (int i = block; i < end; i += V.Count)
                {
                    V e = Elementary.Exp(At(x, i, lowest) - max);
                    part += e;
                    if (!Logarithm)
                    {
                        Put(e, y, i);
                    }
                }

                sum += part;
            }

            V total = V.Broadcast(V.Sum(sum));
            V shift = Logarithm ? max + Elementary.Log(total) : V.Zero;
            for (int i = 0; i < Count; i += V.Count)
            {
                Put(Logarithm ? At(x, i, lowest) - shift : At(y, i, lowest) / total, y, i);
            }
        }

        // A register of neighbouring rows at a time, each lane a softmax of its own.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private readonly void Column<V>(float* x, float* y, int lanes)
            where V : struct, ILanes<V>
        {
            V max = V.Broadcast(float.NegativeInfinity);
            for (nint i = 0; i < Count; i++)
            {
                V value = V.LoadPartial(x + (i * Inner), lanes);
                max = V.Select(V.EqualTo(max, max), V.Max(max, value), max);
            }

            V sum = V.Zero;
            for (nint i = 0; i < Count; i++)
            {
                V e = Elementary.Exp(V.LoadPartial(x + (i * Inner), lanes) - max);
                sum += e;
                if (!Logarithm)
                {
                    V.StorePartial(e, y + (i * Inner), lanes);
                }
            }

            V shift = Logarithm ? max + Elementary.Log(sum) : V.Zero;
            for (nint i = 0; i < Count; i++)
            {
                V value = Logarithm
                    ? V.LoadPartial(x + (i * Inner), lanes) - shift
                    : V.LoadPartial(y + (i * Inner), lanes) / sum;
                V.StorePartial(value, y + (i * Inner), lanes);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly V At<V>(float* x, int i, V rest)
            where V : struct, ILanes<V> =>
            Count - i >= V.Count ? V.Load(x + i) : V.LoadPartial(x + i, Count - i, rest);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Put<V>(V value, float* y, int i)
            where V : struct, ILanes<V>
        {
            if (Count - i >= V.Count)
            {
                V.Store(value, y + i);
            }
            else
            {
                V.StorePartial(value, y + i, Count - i);
            }
        }
    }
}
