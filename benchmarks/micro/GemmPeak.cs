using System.Diagnostics;
using System.Runtime.CompilerServices;
using KerasCompat.Runtime.Cpu.Kernels;

namespace KerasCompat.Benchmarks;

/// <summary>The product of two matrices of 1024 × 1024 on one core, beside the most multiply-adds that core does in the same run.</summary>
internal static unsafe class GemmPeak
{
    private const int Size = 1024;

    public static void Print()
    {
        (double peak, double product) = Measure();
        Console.WriteLine(FormattableString.Invariant(
            $"GEMM {Size}³, one core, {KernelTable.Active}: {product / 1e9:F1} GFLOP/s of {peak / 1e9:F1} measured with multiply-adds alone: {100 * product / peak:F1} %"));
    }

    /// <summary>Operations a second, of multiply-adds alone and of the product.</summary>
    public static (double Peak, double Product) Measure()
    {
        CpuThreads.Count = 1;
        float[] a = Numbers(1), b = Numbers(2), c = new float[Size * Size];
        PackedMatrix packed = PackedMatrix.FromRows(b, Size, Size);
        float[] workspace = new float[Gemm.WorkspaceFloats(Size)];
        double peak = 0, product = 0;

        // In turns, so that a change of the core's clock falls on both alike; the fastest of each counts.
        for (int round = 0; round < 40; round++)
        {
            long begin = Stopwatch.GetTimestamp();
            Chains body = new() { Steps = 1_000_000 };
            KernelTable.Run(body);
            double flops = 2.0 * Chains.Count * KernelTable.Lanes(KernelTable.Active) * body.Steps;
            peak = Math.Max(peak, flops / Stopwatch.GetElapsedTime(begin).TotalSeconds);

            begin = Stopwatch.GetTimestamp();
            fixed (float* pa = a, pc = c)
            {
                Gemm.Multiply(pa, Size, packed, pc, Size, Size, default, workspace);
            }

            product = Math.Max(product, 2.0 * Size * Size * Size / Stopwatch.GetElapsedTime(begin).TotalSeconds);
        }

        return (peak, product);
    }

    private static float[] Numbers(int seed)
    {
        Random random = new(seed);
        return [.. Enumerable.Range(0, Size * Size).Select(_ => random.NextSingle() - 0.5f)];
    }

    /// <summary>Chains of multiply-adds that wait for nothing but themselves.</summary>
    private struct Chains : ILaneBody
    {
        public const int Count = 12;

        private static float s_sink;

        public int Steps;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<V>()
            where V : struct, ILanes<V>
        {
            V x = V.Broadcast(0.999f), y = V.Broadcast(1e-3f);
            V c0 = y, c1 = y, c2 = y, c3 = y, c4 = y, c5 = y, c6 = y, c7 = y, c8 = y, c9 = y, c10 = y, c11 = y;
            for (int step = 0; step < Steps; step++)
            {
                c0 = V.MultiplyAdd(c0, x, y);
                c1 = V.MultiplyAdd(c1, x, y);
                c2 = V.MultiplyAdd(c2, x, y);
                c3 = V.MultiplyAdd(c3, x, y);
                c4 = V.MultiplyAdd(c4, x, y);
                c5 = V.MultiplyAdd(c5, x, y);
                c6 = V.MultiplyAdd(c6, x, y);
                c7 = V.MultiplyAdd(c7, x, y);
                c8 = V.MultiplyAdd(c8, x, y);
                c9 = V.MultiplyAdd(c9, x, y);
                c10 = V.MultiplyAdd(c10, x, y);
                c11 = V.MultiplyAdd(c11, x, y);
            }

            float* sums = stackalloc float[V.Count];
            V.Store(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11, sums);
            s_sink = sums[0];
        }
    }
}
