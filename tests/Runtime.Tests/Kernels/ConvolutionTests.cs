namespace KerasCompat.Runtime.Tests.Kernels;

// Inside the namespace, because the graph has operators of the same names.
using KerasCompat.Runtime.Cpu.Kernels;

[Collection(KernelCollection.Name)]
public sealed unsafe class ConvolutionTests
{
    public static TheoryData<string> Sets => UseKernels.AllSets;

    /// <summary>Batch and axes of one to three dimensions: plain, padded, strided, dilated, one position, nothing inside.</summary>
    private static IEnumerable<(int Batch, SpatialAxis[] Axes)> Geometries()
    {
        yield return (1, [SpatialAxis.Padded(7, 3, 1, 1, 0, 0)]);
        yield return (2, [SpatialAxis.Padded(20, 5, 2, 1, 2, 2)]);
        yield return (2, [SpatialAxis.Padded(20, 3, 1, 4, 8, 0)]);
        yield return (1, [SpatialAxis.Padded(5, 1, 1, 1, 0, 0)]);
        yield return (3, [SpatialAxis.Padded(6, 1, 2, 1, 0, 0), SpatialAxis.Padded(7, 1, 2, 1, 0, 0)]);
        yield return (2, [SpatialAxis.Padded(9, 3, 1, 1, 1, 1), SpatialAxis.Padded(11, 3, 1, 1, 1, 1)]);
        yield return (1, [SpatialAxis.Padded(9, 3, 2, 1, 0, 1), SpatialAxis.Padded(10, 2, 3, 1, 0, 1)]);
        yield return (1, [SpatialAxis.Padded(9, 3, 1, 2, 2, 2), SpatialAxis.Padded(10, 3, 1, 3, 3, 3)]);
        yield return (1, [SpatialAxis.Padded(2, 3, 1, 1, 3, 3), SpatialAxis.Padded(2, 5, 1, 1, 4, 4)]);
        yield return (2, [SpatialAxis.Padded(4, 2, 1, 1, 0, 1), SpatialAxis.Padded(5, 3, 2, 1, 1, 1), SpatialAxis.Padded(6, 3, 1, 1, 1, 1)]);
    }

    [Fact]
    public void TheDefinitionIsCorrelationWithPaddingOfZeros()
    {
        WindowGeometry geometry = new(1, 1, SpatialAxis.Padded(4, 3, 1, 1, 1, 1));
        double[] y = new double[4];
        SimpleConvolution.Convolve<double>([1, 2, 3, 4], geometry, [10, 100, 1000], 1, 1, [0.5], y);
        Assert.Equal([2100.5, 3210.5, 4320.5, 430.5], y);

        // Backwards: four inputs, kernel 3, stride 1, crop 1.
        SimpleConvolution.ConvolveTransposed<double>([1, 2, 3, 4], geometry, [10, 100, 1000], 1, [0], y);
        Assert.Equal([120, 1230, 2340, 3400], y);
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void ConvolutionsMatchTheirDefinition(string set)
    {
        using UseKernels _ = new(set);
        foreach ((int batch, SpatialAxis[] axes) in Geometries())
        {
            foreach ((int channels, int filters, int groups) in ((int, int, int)[])[(1, 1, 1), (1, 32, 1), (3, 17, 1), (8, 6, 2), (40, 33, 1), (6, 12, 3)])
            {
                WindowGeometry geometry = new(batch, channels, axes);
                float[] x = KernelData.Random(1, geometry.InputPositions * channels);
                float[] kernel = KernelData.Random(2, geometry.Taps * (channels / groups) * filters);
                float[] bias = KernelData.Random(3, filters);
                float[] residual = KernelData.Random(4, geometry.OutputPositions * filters);
                double[] sums = new double[residual.Length];
                SimpleConvolution.Convolve<double>(Double(x), geometry, Double(kernel), filters, groups, Double(bias), sums);
                PackedKernel packed = new(kernel, geometry.Taps, channels / groups, filters, groups);
                float[] y = new float[sums.Length];
                float[] workspace = KernelData.Workspace(Convolution.WorkspaceFloats(geometry));
                string what = $"{batch} x {string.Join(" ", axes)} x {channels} -> {filters} / {groups}";
                fixed (float* px = x, py = y, pb = bias, pr = residual)
                {
                    Convolution.Run(px, geometry, packed, py, new Epilogue { Bias = pb, Residual = pr, ResidualStride = filters, Activation = ActivationKind.Tanh }, workspace);
                    KernelData.AssertClose([.. sums.Zip(residual, (sum, added) => Math.Tanh(sum + added))], y, 2e-5, what);

                    Convolution.Run(px, geometry, packed, py, new Epilogue { Bias = pb, Activation = ActivationKind.Relu }, workspace);
                    KernelData.AssertClose([.. sums.Select(sum => Math.Max(sum, 0))], y, 2e-5, what);
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void WinogradConvolutionsMatchTheDefinition(string set)
    {
        using UseKernels _ = new(set);
        foreach ((int batch, int height, int width, int pad, int channels, int filters) in ((int, int, int, int, int, int)[])
            [(1, 13, 14, 0, 32, 40), (2, 9, 11, 1, 33, 32), (3, 8, 8, 2, 40, 150), (1, 14, 14, 1, 300, 33)])
        {
            WindowGeometry geometry = new(batch, channels, SpatialAxis.Padded(height, 3, 1, 1, pad, pad), SpatialAxis.Padded(width, 3, 1, 1, 0, pad));
            Assert.True(WinogradConvolution.Suits(geometry, filters, 1));
            float[] x = KernelData.Random(1, geometry.InputPositions * channels);
            float[] kernel = KernelData.Random(2, 9 * channels * filters);
            float[] bias = KernelData.Random(3, filters);
            float[] residual = KernelData.Random(4, geometry.OutputPositions * filters);
            double[] sums = new double[residual.Length];
            SimpleConvolution.Convolve<double>(Double(x), geometry, Double(kernel), filters, 1, Double(bias), sums);
            WinogradKernel transformed = new(kernel, channels, filters);
            float[] first = [];
            foreach ((Activation activation, Func<double, double> exact, int threads) in ((Activation, Func<double, double>, int)[])
                [(Activation.None, v => v, 1), (Activation.None, v => v, 3), (ActivationKind.Relu, v => Math.Max(v, 0), 2), (ActivationKind.Tanh, Math.Tanh, 2)])
            {
                using ThreadCount counted = new(threads);
                float[] y = new float[sums.Length];
                float[] workspace = KernelData.Workspace(WinogradConvolution.WorkspaceFloats(geometry, filters));
                fixed (float* px = x, py = y, pb = bias, pr = residual)
                {
                    Epilogue epilogue = new() { Bias = pb, Residual = pr, ResidualStride = filters, Activation = activation };
                    WinogradConvolution.Run(px, geometry, transformed, py, epilogue, workspace);
                }

                double[] expected = [.. sums.Select((sum, i) => exact(sum + residual[i]))];
                KernelData.AssertClose(expected, y, 1e-4, $"{batch} x {height} x {width} + {pad} x {channels} -> {filters}, {activation}, {threads} threads");
                first = threads == 1 ? y : first;
                Assert.True(activation.Kind != ActivationKind.None || first.AsSpan().SequenceEqual(y), "Results depend on the number of threads.");
            }
        }
    }

    /// <summary>Root mean square errors against sums in double precision, for numbers around zero and for those a relu leaves.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(0)]
    public void WinogradLosesAtMostABit(float lowest)
    {
        const int channels = 128, filters = 32;
        WindowGeometry geometry = new(1, channels, SpatialAxis.Padded(16, 3, 1, 1, 1, 1), SpatialAxis.Padded(16, 3, 1, 1, 1, 1));
        float[] x = [.. KernelData.Random(1, geometry.InputPositions * channels).Select(v => Math.Max(v, lowest))];
        float[] kernel = KernelData.Random(2, 9 * channels * filters);
        double[] exact = new double[geometry.OutputPositions * filters];
        SimpleConvolution.Convolve<double>(Double(x), geometry, Double(kernel), filters, 1, new double[filters], exact);
        float[] direct = new float[exact.Length], winograd = new float[exact.Length];
        fixed (float* px = x, pd = direct, pw = winograd)
        {
            Convolution.Run(px, geometry, new PackedKernel(kernel, 9, channels, filters, 1), pd, default, KernelData.Workspace(Convolution.WorkspaceFloats(geometry)));
            WinogradConvolution.Run(px, geometry, new WinogradKernel(kernel, channels, filters), pw, default, KernelData.Workspace(WinogradConvolution.WorkspaceFloats(geometry, filters)));
        }

        Assert.InRange(Error(winograd), 0, 2 * Error(direct));

        double Error(float[] y) => Math.Sqrt(exact.Zip(y, (e, v) => (e - v) * (e - v)).Average());
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void DepthwiseConvolutionsMatchTheirDefinition(string set)
    {
        using UseKernels _ = new(set);
        foreach ((int batch, SpatialAxis[] axes) in Geometries())
        {
            foreach ((int channels, int multiplier) in ((int, int)[])[(1, 1), (16, 1), (37, 1), (3, 2), (5, 3)])
            {
                WindowGeometry geometry = new(batch, channels, axes);
                int filters = channels * multiplier;
                float[] x = KernelData.Random(1, geometry.InputPositions * channels);
                float[] kernel = KernelData.Random(2, geometry.Taps * filters);
                float[] bias = KernelData.Random(3, filters);
                float[] y = new float[geometry.OutputPositions * filters];
                double[] expected = new double[y.Length];
                SimpleConvolution.ConvolveDepthwise<double>(Double(x), geometry, Double(kernel), multiplier, Double(bias), expected);
                fixed (float* px = x, pk = kernel, pb = bias, py = y)
                {
                    foreach (ActivationKind activation in (ActivationKind[])[ActivationKind.Relu, ActivationKind.Tanh])
                    {
                        DepthwiseConvolution.Run(px, geometry, pk, multiplier, py, new Epilogue { Bias = pb, Activation = activation });
                        double[] activated = [.. expected.Select(v => activation == ActivationKind.Relu ? Math.Max(v, 0) : Math.Tanh(v))];
                        KernelData.AssertClose(activated, y, 2e-5, $"{batch} x {string.Join(" ", axes)} x {channels} x {multiplier}");
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sets))]
    public void TransposedConvolutionsMatchTheirDefinition(string set)
    {
        using UseKernels _ = new(set);
        foreach ((int batch, SpatialAxis[] axes) in Geometries())
        {
            foreach ((int channels, int filters) in ((int, int)[])[(1, 1), (3, 17), (20, 16)])
            {
                WindowGeometry geometry = new(batch, filters, axes);
                float[] x = KernelData.Random(1, geometry.OutputPositions * channels);
                float[] kernel = KernelData.Random(2, geometry.Taps * filters * channels);
                float[] bias = KernelData.Random(3, filters);
                float[] y = new float[geometry.InputPositions * filters];
                double[] expected = new double[y.Length];
                SimpleConvolution.ConvolveTransposed<double>(Double(x), geometry, Double(kernel), channels, Double(bias), expected);
                PackedMatrix packed = TransposedConvolution.Pack(kernel, geometry.Taps, filters, channels);
                float[] workspace = KernelData.Workspace(TransposedConvolution.WorkspaceFloats(geometry));
                fixed (float* px = x, pb = bias, py = y)
                {
                    TransposedConvolution.Run(px, geometry, packed, py, new Epilogue { Bias = pb, Activation = ActivationKind.Relu }, workspace);
                }

                double[] activated = [.. expected.Select(v => Math.Max(v, 0))];
                KernelData.AssertClose(activated, y, 2e-5, $"{batch} x {string.Join(" ", axes)} x {channels} -> {filters}");
            }
        }
    }

    [Fact]
    public void TheThreadCountDoesNotChangeABit()
    {
        WindowGeometry geometry = new(1, 32, SpatialAxis.Padded(30, 3, 1, 1, 1, 1), SpatialAxis.Padded(30, 3, 1, 1, 1, 1));
        float[] x = KernelData.Random(1, geometry.InputPositions * 32);
        float[] kernel = KernelData.Random(2, 9 * 32 * 48);
        PackedKernel packed = new(kernel, 9, 32, 48, 1);
        float[]? first = null;
        foreach (int threads in (int[])[1, 2, 5])
        {
            using ThreadCount _ = new(threads);
            float[] y = new float[900 * (48 + 32)];
            float[] workspace = KernelData.Workspace(Convolution.WorkspaceFloats(geometry));
            fixed (float* px = x, py = y, pk = kernel)
            {
                Convolution.Run(px, geometry, packed, py, default, workspace);
                DepthwiseConvolution.Run(px, geometry, pk, 1, py + (900 * 48), default);
            }

            first ??= y;
            Assert.Equal(first, y);
        }
    }

    private static double[] Double(float[] values) => [.. values.Select(v => (double)v)];
}
