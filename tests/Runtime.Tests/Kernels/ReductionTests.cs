namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

[Collection(KernelCollection.Name)]
public sealed unsafe class ReductionTests
{
    private static readonly (int Outer, int Count, int Inner)[] Shapes =
        [(1, 1, 1), (3, 7, 1), (2, 300, 1), (4, 5, 3), (2, 9, 40), (1, 1200, 17), (1, 70000, 1), (70, 600, 1), (1, 700, 200)];

    public static TheoryData<string> Sets => UseKernels.AllSets;

    [Theory]
    [MemberData(nameof(Sets))]
    public void ReductionsAreTheirFolds(string set)
    {
        using UseKernels _ = new(set);
        foreach ((int outer, int count, int inner) in Shapes)
        {
            float[] x = [.. KernelData.Random(count, outer * count * inner).Select(v => count > 100 ? 1f + (v / 1000) : v)];
            foreach (ReductionKind kind in Enum.GetValues<ReductionKind>())
            {
                double[] expected = Expected(x, outer, count, inner, row => kind switch
                {
                    ReductionKind.Sum => row.Sum(),
                    ReductionKind.Mean => row.Average(),
                    ReductionKind.Max => row.Max(),
                    ReductionKind.Min => row.Min(),
                    ReductionKind.Product => row.Aggregate((a, b) => a * b),
                    ReductionKind.SumOfSquares => row.Sum(v => v * v),
                    _ => row.Sum(Math.Abs),
                });
                float[] y = Reduce(kind, x, outer, count, inner);
                double tolerance = kind == ReductionKind.Product ? 1e-3 : 2e-6;
                KernelData.AssertClose(expected, y, tolerance, $"{kind} {outer} x {count} x {inner}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void NothingAndNaN(string set)
    {
        using UseKernels _ = new(set);
        Assert.Equal([0f], Reduce(ReductionKind.Sum, [], 1, 0, 1));
        Assert.Equal([1f], Reduce(ReductionKind.Product, [], 1, 0, 1));
        Assert.Equal([float.NegativeInfinity], Reduce(ReductionKind.Max, [], 1, 0, 1));
        for (int at = 0; at < 40; at++)
        {
            float[] x = KernelData.Random(1, 40);
            x[at] = float.NaN;
            Assert.True(float.IsNaN(Reduce(ReductionKind.Max, x, 1, 40, 1)[0]));
            Assert.True(float.IsNaN(Reduce(ReductionKind.Min, x, 1, 20, 2)[at % 2]));
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void SoftmaxSumsToOneAndKeepsItsLogarithm(string set)
    {
        using UseKernels _ = new(set);
        foreach ((int outer, int count, int inner) in Shapes)
        {
            float[] x = [.. KernelData.Random(3, outer * count * inner).Select(v => v * 20)];
            double[] Of(double[] row)
            {
                double max = row.Max();
                double sum = row.Sum(v => Math.Exp(v - max));
                return [.. row.Select(v => Math.Exp(v - max) / sum)];
            }

            double[] expected = ExpectedRows(x, outer, count, inner, Of);
            float[] y = new float[x.Length];
            fixed (float* px = x, py = y)
            {
                Softmax.Run(px, py, outer, count, inner);
                KernelData.AssertClose(expected, y, 1e-6, $"softmax {outer} x {count} x {inner}");
                Softmax.Run(px, py, outer, count, inner, logarithm: true);
                KernelData.AssertClose([.. expected.Select(v => Math.Log(v))], y, 2e-6, $"log softmax {outer} x {count} x {inner}");
                Softmax.Run(px, px, outer, count, inner);
                KernelData.AssertClose(expected, x, 1e-6, "in place");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void EveryLengthOfSoftmaxRow(string set)
    {
        using UseKernels _ = new(set);
        for (int count = 1; count <= 100; count++)
        {
            float[] x = [.. Enumerable.Repeat(-1e30f, count - 1), 5f, 77f];
            fixed (float* px = x)
            {
                Softmax.Run(px, px, 1, count);
            }

            Assert.Equal((float[])[.. Enumerable.Repeat(0f, count - 1), 1f, 77f], x);
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void RowsAreNormalised(string set)
    {
        using UseKernels _ = new(set);
        foreach (int count in (int[])[1, 2, 15, 16, 33, 64, 100, 768])
        {
            const int Rows = 40;
            float[] x = [.. KernelData.Random(count, Rows * count).Select(v => v + 100)];
            float[] gamma = KernelData.Random(1, count);
            float[] beta = KernelData.Random(2, count);
            foreach (bool center in (bool[])[true, false])
            {
                double[] expected = ExpectedRows(x, Rows, count, 1, row =>
                {
                    double mean = center ? row.Average() : 0;
                    double scale = 1 / Math.Sqrt(row.Average(v => (v - mean) * (v - mean)) + 1e-3);
                    return [.. row.Select((v, i) => ((v - mean) * scale * gamma[i]) + beta[i])];
                });
                float[] y = new float[x.Length];
                fixed (float* px = x, py = y, pg = gamma, pb = beta)
                {
                    RowNormalization.Run(px, py, Rows, count, pg, pb, 1e-3f, center);
                }

                KernelData.AssertClose(expected, y, 1e-4, $"{count} centred: {center}");
            }
        }
    }

    private static float[] Reduce(ReductionKind kind, float[] x, int outer, int count, int inner)
    {
        float[] y = new float[outer * inner];
        fixed (float* px = x, py = y)
        {
            Reduction.Run(kind, px, py, outer, count, inner);
        }

        return y;
    }

    private static double[] Expected(float[] x, int outer, int count, int inner, Func<double[], double> fold) =>
        [.. from o in Enumerable.Range(0, outer)
            from i in Enumerable.Range(0, inner)
            select fold([.. Enumerable.Range(0, count).Select(c => (double)x[(((o * count) + c) * inner) + i])])];

    private static double[] ExpectedRows(float[] x, int outer, int count, int inner, Func<double[], double[]> function)
    {
        double[] y = new double[x.Length];
        for (int o = 0; o < outer; o++)
        {
            for (int i = 0; i < inner; i++)
            {
                double[] row = function([.. Enumerable.Range(0, count).Select(c => (double)x[(((o * count) + c) * inner) + i])]);
                for (int c = 0; c < count; c++)
                {
                    y[(((o * count) + c) * inner) + i] = row[c];
                }
            }
        }

        return y;
    }
}
