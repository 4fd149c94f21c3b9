using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>A factor and a summand for each channel: y[r, c] = activation(x[r, c] · factor[c] + shift[c]). Parts are blocks of rows.</summary>
internal unsafe struct ChannelScaling : IParallelBody
{
    private float* _x;
    private float* _factor;
    private float* _shift;
    private float* _y;
    private int _channels;
    private int _rows;
    private int _rowsPerPart;
    private Epilogue _epilogue;

    /// <summary>Scales <paramref name="rows"/> rows of <paramref name="channels"/> floats. Of the epilogue only the activation is done.</summary>
    public static void Run(float* x, float* factor, float* shift, int channels, int rows, in Epilogue epilogue, float* y)
    {
        int rowsPerPart = Math.Max(1, VectorMath.PartFloats / Math.Max(1, channels));
        ChannelScaling body = new()
        {
            _x = x,
            _factor = factor,
            _shift = shift,
            _y = y,
            _channels = channels,
            _rows = rows,
            _rowsPerPart = rowsPerPart,
            _epilogue = epilogue,
        };
        CpuThreads.For((rows + rowsPerPart - 1) / rowsPerPart, body);
    }

    public void Run(int part, int slot) => KernelTable.Run(new RowsBody { Owner = this, First = part * _rowsPerPart });

    private struct RowsBody : ILaneBody
    {
        public ChannelScaling Owner;
        public int First;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            int channels = Owner._channels;
            int rows = Math.Min(Owner._rowsPerPart, Owner._rows - First);
            float* begin = Owner._y + ((nint)First * channels);
            float* x = Owner._x + ((nint)First * channels);
            float* y = begin;
            bool clamps = Owner._epilogue.IsClamp(out float low, out float high);
            V lowest = V.Broadcast(clamps ? low : float.NegativeInfinity);
            V highest = V.Broadcast(clamps ? high : float.PositiveInfinity);
            for (int row = 0; row < rows; row++, x += channels, y += channels)
            {
                int c = 0;
                for (; c <= channels - V.Count; c += V.Count)
                {
                    V scaled = V.MultiplyAdd(V.Load(x + c), V.Load(Owner._factor + c), V.Load(Owner._shift + c));
                    V.Store(V.Min(highest, V.Max(lowest, scaled)), y + c);
                }

                int rest = channels - c;
                if (rest > 0)
                {
                    V scaled = V.MultiplyAdd(V.LoadPartial(x + c, rest), V.LoadPartial(Owner._factor + c, rest), V.LoadPartial(Owner._shift + c, rest));
                    V.StorePartial(V.Min(highest, V.Max(lowest, scaled)), y + c, rest);
                }
            }

            Owner._epilogue.Activate(begin, channels, rows, channels);
        }
    }
}
