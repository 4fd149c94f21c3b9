using KerasCompat.Runtime.Cpu;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Runtime;

/// <summary>A function of two numbers, in scalar form and over spans: of one length, or with one of the numbers repeated.</summary>
internal interface IBinaryFunction<T, TResult>
{
    static abstract TResult Invoke(T a, T b);

    static virtual void Invoke<TSelf>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<TResult> y)
        where TSelf : IBinaryFunction<T, TResult>
    {
        b = b[..a.Length];
        y = y[..a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            y[i] = TSelf.Invoke(a[i], b[i]);
        }
    }

    static virtual void Invoke<TSelf>(ReadOnlySpan<T> a, T b, Span<TResult> y)
        where TSelf : IBinaryFunction<T, TResult>
    {
        y = y[..a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            y[i] = TSelf.Invoke(a[i], b);
        }
    }

    static virtual void Invoke<TSelf>(T a, ReadOnlySpan<T> b, Span<TResult> y)
        where TSelf : IBinaryFunction<T, TResult>
    {
        y = y[..b.Length];
        for (int i = 0; i < b.Length; i++)
        {
            y[i] = TSelf.Invoke(a, b[i]);
        }
    }
}

/// <summary>The loop over two broadcast inputs, written once for all operators of two arguments.</summary>
internal static class Broadcast
{
    /// <summary>Rows shorter than this take longer to begin than to compute.</summary>
    private const int ShortRow = 32;

    private const int LongRow = 1024;

    public static CpuKernel Kernel<T, TResult, TFunction>(CpuBinding binding)
        where T : unmanaged
        where TResult : unmanaged
        where TFunction : IBinaryFunction<T, TResult>
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        var walk = new BroadcastWalk(y.Shape, a.Shape, b.Shape);
        return IsShortRowAgainstMany(walk, a, b, y)
            ? Repeated<T, TResult, TFunction>(a, b, y, binding)
            : frame => Run<T, TResult, TFunction>(walk, frame.Span<T>(a), frame.Span<T>(b), frame.Span<TResult>(y));
    }

    // Both must advance along the rows: the column of a square has as many elements as its row, and repeats along it.
    private static bool IsShortRowAgainstMany(BroadcastWalk walk, Slot a, Slot b, Slot y) =>
        walk.InnerSize < ShortRow && walk.OuterRank == 1
        && walk.InnerStride(0) == 1 && walk.InnerStride(1) == 1
        && a.Length != b.Length && Math.Max(a.Length, b.Length) == y.Length && Math.Min(a.Length, b.Length) == walk.InnerSize;

    /// <summary>One short row, such as a number for each colour, against many: it is written out several times, so that long rows meet.</summary>
    private static CpuKernel Repeated<T, TResult, TFunction>(Slot a, Slot b, Slot y, CpuBinding binding)
        where T : unmanaged
        where TResult : unmanaged
        where TFunction : IBinaryFunction<T, TResult>
    {
        Slot row = a.Length < b.Length ? a : b;
        Slot repeated = binding.Workspace(row.DType, Math.Min(LongRow / row.Length * row.Length, y.Length));
        return frame =>
        {
            Span<T> many = frame.Span<T>(repeated);
            for (int at = 0; at < many.Length; at += row.Length)
            {
                frame.Span<T>(row).CopyTo(many[at..]);
            }

            for (int at = 0, length; at < y.Length; at += length)
            {
                length = Math.Min(many.Length, y.Length - at);
                ReadOnlySpan<T> left = row == a ? many : frame.Span<T>(a)[at..], right = row == b ? many : frame.Span<T>(b)[at..];
                TFunction.Invoke<TFunction>(left[..length], right[..length], frame.Span<TResult>(y).Slice(at, length));
            }
        };
    }

    /// <summary>The kernel over texts.</summary>
    public static CpuKernel TextKernel<TResult, TFunction>(CpuBinding binding)
        where TResult : unmanaged
        where TFunction : IBinaryFunction<string, TResult>
    {
        Slot a = binding.Input(0), b = binding.Input(1), y = binding.Output(0);
        var walk = new BroadcastWalk(y.Shape, a.Shape, b.Shape);
        return frame => Run<string, TResult, TFunction>(walk, frame.Texts(a), frame.Texts(b), frame.Span<TResult>(y));
    }

    /// <summary>The kernel that keeps whole vector registers of float in flight; null for other element types.</summary>
    public static CpuKernel? Lanes<TFunction>(CpuBinding binding)
        where TFunction : struct, IBinary =>
        binding.Input(0).DType == DType.Float32 ? Kernel<float, float, LaneFunction<TFunction>>(binding) : null;

    private static void Run<T, TResult, TFunction>(BroadcastWalk walk, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<TResult> y)
        where TFunction : IBinaryFunction<T, TResult>
    {
        Span<int> at = stackalloc int[walk.OuterRank];
        Span<int> offsets = stackalloc int[2];
        at.Clear();
        offsets.Clear();
        int length = walk.InnerSize;
        bool oneA = walk.InnerStride(0) == 0, oneB = walk.InnerStride(1) == 0;
        for (int to = 0; to < y.Length; to += length)
        {
            Span<TResult> row = y.Slice(to, length);
            if (oneB)
            {
                TFunction.Invoke<TFunction>(a.Slice(offsets[0], oneA ? 1 : length), b[offsets[1]], row);
            }
            else if (oneA)
            {
                TFunction.Invoke<TFunction>(a[offsets[0]], b.Slice(offsets[1], length), row);
            }
            else
            {
                TFunction.Invoke<TFunction>(a.Slice(offsets[0], length), b.Slice(offsets[1], length), row);
            }

            walk.Next(at, offsets);
        }
    }

    private readonly unsafe struct LaneFunction<TFunction> : IBinaryFunction<float, float>
        where TFunction : struct, IBinary
    {
        public static float Invoke(float a, float b)
        {
            float y;
            Lanes1.Store(default(TFunction).Apply(Lanes1.Load(&a), Lanes1.Load(&b)), &y);
            return y;
        }

        public static void Invoke<TSelf>(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y)
            where TSelf : IBinaryFunction<float, float> => VectorMath.Map(default(TFunction), a, b, y);

        public static void Invoke<TSelf>(ReadOnlySpan<float> a, float b, Span<float> y)
            where TSelf : IBinaryFunction<float, float> => VectorMath.Map(default(TFunction), a, b, y);

        public static void Invoke<TSelf>(float a, ReadOnlySpan<float> b, Span<float> y)
            where TSelf : IBinaryFunction<float, float> => VectorMath.Map(default(TFunction), a, b, y);
    }
}
