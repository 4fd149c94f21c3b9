namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

[Collection(KernelCollection.Name)]
public sealed unsafe class PoolingTests
{
    public static TheoryData<string> Sets => UseKernels.AllSets;

    [Fact]
    public void PaddingIsLeftOutOfMaximaAndMeans()
    {
        WindowGeometry geometry = new(1, 1, SpatialAxis.Padded(3, 2, 2, 1, 0, 1));
        Assert.Equal([-1f, -3f], Pool([-1, -2, -3], geometry, PoolingKind.Max));
        Assert.Equal([-1.5f, -3f], Pool([-1, -2, -3], geometry, PoolingKind.Average));
        Assert.Equal([-1.5f, -1.5f], Pool([-1, -2, -3], geometry, PoolingKind.AverageOfWindow));
        Assert.Equal([float.NaN, 3f], Pool([float.NaN, 2, 3], geometry, PoolingKind.Max));
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void PoolingsMatchTheirDefinition(string set)
    {
        using UseKernels _ = new(set);
        SpatialAxis[][] shapes =
        [
            [SpatialAxis.Padded(9, 2, 2, 1, 0, 0)],
            [SpatialAxis.Padded(9, 3, 2, 1, 1, 1), SpatialAxis.Padded(8, 3, 2, 1, 0, 1)],
            [SpatialAxis.Padded(4, 2, 2, 1, 0, 0), SpatialAxis.Padded(5, 3, 1, 1, 1, 1), SpatialAxis.Padded(6, 2, 3, 1, 1, 1)],
        ];
        foreach (SpatialAxis[] axes in shapes)
        {
            foreach (int channels in (int[])[1, 5, 16, 35])
            {
                WindowGeometry geometry = new(2, channels, axes);
                float[] x = KernelData.Random(1, geometry.InputPositions * channels);
                foreach (PoolingKind kind in Enum.GetValues<PoolingKind>())
                {
                    double[] expected = new double[geometry.OutputPositions * channels];
                    Pooling.Run<double>([.. x.Select(v => (double)v)], geometry, kind, expected);
                    KernelData.AssertClose(expected, Pool(x, geometry, kind), 1e-6, $"{kind} {channels}");
                }
            }
        }
    }

    private static float[] Pool(float[] x, WindowGeometry geometry, PoolingKind kind)
    {
        float[] y = new float[geometry.OutputPositions * geometry.Channels];
        fixed (float* px = x, py = y)
        {
            Pooling.Run(px, geometry, kind, py);
        }

        return y;
    }
}
