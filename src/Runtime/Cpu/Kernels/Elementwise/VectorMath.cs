using System.Runtime.CompilerServices;

namespace KerasCompat.Runtime.Cpu.Kernels;

/// <summary>
/// Element-wise functions over spans. There is one loop per number of inputs; the function is a struct
/// (<see cref="IUnary"/>, <see cref="IBinary"/>, <see cref="ITernary"/>) that the compiler puts into the loop. A
/// remainder shorter than a register is one partial load and store. The result may lie on top of an input, not beside it
/// at a small distance.
/// </summary>
internal static unsafe class VectorMath
{
    /// <summary>Floats that one thread takes at a time: they fit the first-level cache.</summary>
    public const int PartFloats = 1 << 13;

    /// <summary>y[i] = f(x[i])</summary>
    public static void Map<TFunction>(TFunction function, ReadOnlySpan<float> x, Span<float> y)
        where TFunction : struct, IUnary
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        fixed (float* px = x, py = y)
        {
            Map(function, px, py, x.Length);
        }
    }

    /// <summary>y[i] = f(x[i])</summary>
    public static void Map<TFunction>(TFunction function, float* x, float* y, nint count)
        where TFunction : struct, IUnary => Run(new UnaryLoop<TFunction>(function, x, y, count), count);

    /// <summary>z[i] = f(x[i], y[i])</summary>
    public static void Map<TFunction>(TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, Span<float> z)
        where TFunction : struct, IBinary
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        fixed (float* px = x, py = y, pz = z)
        {
            Run(new BinaryLoop<TFunction>(function, px, py, pz, x.Length), x.Length);
        }
    }

    /// <summary>z[i] = f(x[i], y)</summary>
    public static void Map<TFunction>(TFunction function, ReadOnlySpan<float> x, float y, Span<float> z)
        where TFunction : struct, IBinary => Map(new WithRight<TFunction>(function, y), x, z);

    /// <summary>z[i] = f(x, y[i])</summary>
    public static void Map<TFunction>(TFunction function, float x, ReadOnlySpan<float> y, Span<float> z)
        where TFunction : struct, IBinary => Map(new WithLeft<TFunction>(function, x), y, z);

    /// <summary>w[i] = f(x[i], y[i], z[i])</summary>
    public static void Map<TFunction>(
        TFunction function, ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> z, Span<float> w)
        where TFunction : struct, ITernary
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(z.Length, x.Length);
        ArgumentOutOfRangeException.ThrowIfNotEqual(w.Length, x.Length);
        fixed (float* px = x, py = y, pz = z, pw = w)
        {
            Run(new TernaryLoop<TFunction>(function, px, py, pz, pw, x.Length), x.Length);
        }
    }

    // Every element is computed alone, so where the parts begin changes nothing.
    private static void Run<TLoop>(TLoop loop, nint count)
        where TLoop : struct, IElementLoop<TLoop>
    {
        if (count < 4 * PartFloats || CpuThreads.Count == 1)
        {
            KernelTable.Run(loop);
        }
        else
        {
            CpuThreads.For(checked((int)((count + PartFloats - 1) / PartFloats)), new LoopParts<TLoop>(loop, count));
        }
    }

    private interface IElementLoop<TLoop> : ILaneBody
        where TLoop : struct, IElementLoop<TLoop>
    {
        /// <summary>The same loop over some of its elements.</summary>
        TLoop Part(nint first, nint length);
    }

    private readonly struct LoopParts<TLoop>(TLoop loop, nint count) : IParallelBody
        where TLoop : struct, IElementLoop<TLoop>
    {
        public void Run(int part, int slot)
        {
            nint first = (nint)part * PartFloats;
            KernelTable.Run(loop.Part(first, Math.Min(PartFloats, count - first)));
        }
    }

    private readonly struct UnaryLoop<TFunction>(TFunction function, float* x, float* y, nint count) : IElementLoop<UnaryLoop<TFunction>>
        where TFunction : struct, IUnary
    {
        public UnaryLoop<TFunction> Part(nint first, nint length) => new(function, x + first, y + first, length);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            TFunction f = function;
            float* source = x;
            float* target = y;
            nint i = 0;
            for (nint whole = count - V.Count; i <= whole; i += V.Count)
            {
                V.Store(f.Apply(V.Load(source + i)), target + i);
            }

            int rest = (int)(count - i);
            if (rest > 0)
            {
                V.StorePartial(f.Apply(V.LoadPartial(source + i, rest)), target + i, rest);
            }
        }
    }

    private readonly struct BinaryLoop<TFunction>(TFunction function, float* x, float* y, float* z, nint count) : IElementLoop<BinaryLoop<TFunction>>
        where TFunction : struct, IBinary
    {
        public BinaryLoop<TFunction> Part(nint first, nint length) => new(function, x + first, y + first, z + first, length);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            TFunction f = function;
            float* left = x;
            float* right = y;
            float* target = z;
            nint i = 0;
            for (nint whole = count - V.Count; i <= whole; i += V.Count)
            {
                V.Store(f.Apply(V.Load(left + i), V.Load(right + i)), target + i);
            }

            int rest = (int)(count - i);
            if (rest > 0)
            {
                V result = f.Apply(V.LoadPartial(left + i, rest), V.LoadPartial(right + i, rest));
                V.StorePartial(result, target + i, rest);
            }
        }
    }

    private readonly struct TernaryLoop<TFunction>(
        TFunction function, float* x, float* y, float* z, float* w, nint count) : IElementLoop<TernaryLoop<TFunction>>
        where TFunction : struct, ITernary
    {
        public TernaryLoop<TFunction> Part(nint first, nint length) => new(function, x + first, y + first, z + first, w + first, length);

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public void Run<V>()
            where V : struct, ILanes<V>
        {
            TFunction f = function;
            nint i = 0;
            for (nint whole = count - V.Count; i <= whole; i += V.Count)
            {
                V.Store(f.Apply(V.Load(x + i), V.Load(y + i), V.Load(z + i)), w + i);
            }

            int rest = (int)(count - i);
            if (rest > 0)
            {
                V result = f.Apply(
                    V.LoadPartial(x + i, rest), V.LoadPartial(y + i, rest), V.LoadPartial(z + i, rest));
                V.StorePartial(result, w + i, rest);
            }
        }
    }

    /// <summary>A function of two floats with the second one given.</summary>
    private readonly struct WithRight<TFunction>(TFunction function, float y) : IUnary
        where TFunction : struct, IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V x)
            where V : struct, ILanes<V> => function.Apply(x, V.Broadcast(y));
    }

    /// <summary>A function of two floats with the first one given.</summary>
    private readonly struct WithLeft<TFunction>(TFunction function, float x) : IUnary
        where TFunction : struct, IBinary
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Apply<V>(V y)
            where V : struct, ILanes<V> => function.Apply(V.Broadcast(x), y);
    }
}
