namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

[Collection(KernelCollection.Name)]
public sealed unsafe class GemmTests
{
    private static readonly int[] Rows = [1, 2, 3, 4, 5, 7, 9, 12, 13, 25, 121];
    private static readonly int[] Columns = [1, 2, 3, 4, 15, 16, 17, 31, 33, 64, 100];
    private static readonly int[] Depths = [0, 1, 3, 8, 100, 257, 513];

    public static TheoryData<string> Sets => UseKernels.AllSets;

    [Theory]
    [MemberData(nameof(Sets))]
    public void ProductsOfAllSizesAreRight(string set)
    {
        using UseKernels _ = new(set);
        foreach (int m in Rows)
        {
            foreach (int n in Columns)
            {
                foreach (int k in Depths)
                {
                    Check(m, n, k, transposed: (m + n + k) % 2 == 0);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void EpiloguesAreAddedInOnePass(string set)
    {
        using UseKernels _ = new(set);
        foreach (int m in (int[])[1, 3, 12, 29])
        {
            foreach (int n in (int[])[1, 16, 37])
            {
                foreach (int k in (int[])[5, 300])
                {
                    foreach (int which in Enumerable.Range(0, 16))
                    {
                        CheckEpilogue(m, n, k, bias: (which & 1) != 0, residual: (which & 2) != 0, accumulate: (which & 4) != 0, (which & 8) != 0 ? ActivationKind.Relu : ActivationKind.Tanh);
                    }
                }
            }
        }
    }

    [Fact]
    public void TheThreadCountDoesNotChangeABit()
    {
        foreach ((int m, int n, int k) in ((int, int, int)[])[(1, 1000, 700), (3, 1000, 700), (64, 900, 300), (500, 100, 520), (1000, 2, 300)])
        {
            float[] a = KernelData.Random(1, m * k);
            PackedMatrix b = PackedMatrix.FromRows(KernelData.Random(2, k * n), k, n);
            float[]? first = null;
            foreach (int threads in (int[])[1, 2, 3, 7])
            {
                using ThreadCount _ = new(threads);
                float[] c = new float[m * n];
                float[] workspace = KernelData.Workspace(Gemm.WorkspaceFloats(m));
                fixed (float* pa = a, pc = c)
                {
                    Gemm.Multiply(pa, k, b, pc, n, m, default, workspace);
                }

                first ??= c;
                Assert.Equal(first, c);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void BatchesOfHeadsAreMultipliedWhereTheyLie(string set)
    {
        using UseKernels _ = new(set);
        foreach ((int batch, int heads, int time, int size) in ((int, int, int, int)[])[(1, 1, 5, 8), (2, 3, 9, 16), (1, 4, 64, 20), (3, 2, 1, 33)])
        {
            // Scores of attention: q and k are (batch, time, heads, size), the scores (batch, heads, time, time).
            float[] q = KernelData.Random(3, batch * time * heads * size);
            float[] k = KernelData.Random(4, q.Length);
            float[] scores = new float[batch * heads * time * time];
            double[] expected = new double[scores.Length];
            for (int i = 0; i < scores.Length; i++)
            {
                int s = i % time, t = i / time % time, h = i / time / time % heads, o = i / time / time / heads;
                for (int j = 0; j < size; j++)
                {
                    expected[i] += q[((((o * time) + t) * heads) + h) * size + j] * (double)k[((((o * time) + s) * heads) + h) * size + j];
                }
            }

            float[] workspace = KernelData.Workspace(BatchedGemm.WorkspaceFloats(batch, heads, time, time, size));
            fixed (float* pq = q, pk = k, ps = scores)
            {
                int row = heads * size;
                BatchedGemm.Multiply(
                    new((nint)pq, time * row, size, row),
                    new((nint)pk, time * row, size, 1, row),
                    new((nint)ps, heads * time * time, time * time, time),
                    batch, heads, time, time, size, default, workspace);
            }

            KernelData.AssertClose(expected, scores, 1e-5, $"{batch} x {heads} x {time} x {size}");
        }
    }

    [Fact]
    public void OtherTypesMultiplyToo()
    {
        double[] a = [.. KernelData.Random(1, 6 * 11).Select(x => (double)x)];
        double[] b = [.. KernelData.Random(2, 11 * 9).Select(x => (double)x)];
        double[] c = new double[6 * 9];
        double[] transposed = new double[6 * 9];
        SimpleGemm.Multiply<double>(a, 11, b, 9, 1, c, 9, 6, 9, 11);
        double[] bt = new double[b.Length];
        for (int i = 0; i < b.Length; i++)
        {
            bt[(i % 9 * 11) + (i / 9)] = b[i];
        }

        SimpleGemm.Multiply<double>(a, 11, bt, 1, 11, transposed, 9, 6, 9, 11);
        for (int i = 0; i < c.Length; i++)
        {
            double expected = Enumerable.Range(0, 11).Sum(k => a[(i / 9 * 11) + k] * b[(k * 9) + (i % 9)]);
            Assert.Equal(expected, c[i], 12);
            Assert.Equal(expected, transposed[i], 12);
        }

        int[] product = new int[1];
        SimpleGemm.Multiply<int>([2, 3], 2, [5, 7], 1, 1, product, 1, 1, 1, 2);
        Assert.Equal([31], product);
    }

    [Fact]
    public void AProductAllocatesNothing()
    {
        PackedMatrix b = PackedMatrix.FromRows(KernelData.Random(1, 64 * 64), 64, 64);
        float[] a = KernelData.Random(2, 40 * 64);
        float[] c = new float[40 * 64];
        float[] workspace = KernelData.Workspace(Gemm.WorkspaceFloats(40));
        long allocated = -1;
        foreach (int m in (int[])[1, 4, 40, 1, 4, 40])
        {
            fixed (float* pa = a, pc = c)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                Gemm.Multiply(pa, 64, b, pc, 64, m, new Epilogue { Activation = ActivationKind.Tanh }, workspace);
                allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            }
        }

        Assert.Equal(0, allocated);
    }

    private static void Check(int m, int n, int k, bool transposed)
    {
        const int Slack = 3;
        float[] a = KernelData.Random(m, m * (k + Slack));
        float[] b = KernelData.Random(n, k * n);
        float[] c = KernelData.Workspace(m * (n + Slack));
        float[] unpacked = KernelData.Workspace(m * n);
        double[] expected = new double[m * n];
        for (int i = 0; i < expected.Length; i++)
        {
            for (int step = 0; step < k; step++)
            {
                int at = transposed ? (i % n * k) + step : (step * n) + (i % n);
                expected[i] += a[(i / n * (k + Slack)) + step] * (double)b[at];
            }
        }

        PackedMatrix packed = transposed ? PackedMatrix.FromTransposed(b, k, n) : PackedMatrix.FromRows(b, k, n);
        float[] workspace = KernelData.Workspace(Gemm.WorkspaceFloats(m));
        float[] unpackedWorkspace = KernelData.Workspace(Gemm.UnpackedWorkspaceFloats(m, n, k));
        fixed (float* pa = a, pb = b, pc = c, pu = unpacked)
        {
            Gemm.Multiply(pa, k + Slack, packed, pc, n + Slack, m, default, workspace);
            Gemm.MultiplyUnpacked(pa, k + Slack, pb, transposed ? 1 : n, transposed ? k : 1, pu, n, m, n, k, default, unpackedWorkspace);
        }

        float[] dense = [.. Enumerable.Range(0, m * n).Select(i => c[(i / n * (n + Slack)) + (i % n)])];
        KernelData.AssertClose(expected, dense, 2e-5, $"packed {m} x {n} x {k}");
        KernelData.AssertClose(expected, unpacked, 2e-5, $"unpacked {m} x {n} x {k}");
        for (int i = 0; i < c.Length; i++)
        {
            Assert.True(i % (n + Slack) < n || float.IsNaN(c[i]), "wrote between the rows");
        }
    }

    private static void CheckEpilogue(int m, int n, int k, bool bias, bool residual, bool accumulate, ActivationKind activation)
    {
        float[] a = KernelData.Random(m, m * k);
        float[] b = KernelData.Random(n, k * n);
        float[] biases = KernelData.Random(5, n);
        float[] residuals = KernelData.Random(6, m * n);
        float[] c = KernelData.Random(7, m * n);
        double[] expected = new double[m * n];
        for (int i = 0; i < expected.Length; i++)
        {
            double sum = (bias ? biases[i % n] : 0) + (residual ? residuals[i] : 0) + (accumulate ? c[i] : 0);
            for (int step = 0; step < k; step++)
            {
                sum += a[(i / n * k) + step] * (double)b[(step * n) + (i % n)];
            }

            expected[i] = activation == ActivationKind.Relu ? Math.Max(sum, 0) : Math.Tanh(sum);
        }

        PackedMatrix packed = PackedMatrix.FromRows(b, k, n);
        float[] workspace = KernelData.Workspace(Gemm.WorkspaceFloats(m));
        fixed (float* pa = a, pc = c, pBias = biases, pResidual = residuals)
        {
            Epilogue epilogue = new()
            {
                Bias = bias ? pBias : null,
                Residual = residual ? pResidual : null,
                ResidualStride = n,
                Accumulate = accumulate,
                Activation = activation,
            };
            Gemm.Multiply(pa, k, packed, pc, n, m, epilogue, workspace);
            KernelData.AssertClose(expected, c, 2e-5, $"{m} x {n} x {k}");
        }
    }
}
