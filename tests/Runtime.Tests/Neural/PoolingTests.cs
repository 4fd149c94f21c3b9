namespace KerasCompat.Runtime.Tests.Neural;

public class PoolingTests
{
    public static TheoryData<DType, int[], int[], int[], PaddingMode> Cases()
    {
        var data = new TheoryData<DType, int[], int[], int[], PaddingMode>();
        foreach (DType type in new[] { DType.Float32, DType.Float64 })
        {
            foreach (PaddingMode padding in new[] { PaddingMode.Valid, PaddingMode.Same, PaddingMode.Explicit })
            {
                data.Add(type, [2, 9, 3], [3], [2], padding);
                data.Add(type, [2, 9, 1], [2], [2], padding);
                data.Add(type, [2, 9, 3], [2], [3], padding);
                data.Add(type, [2, 6, 7, 3], [3, 2], [1, 2], padding);
                data.Add(type, [1, 13, 12, 37], [3, 3], [2, 2], padding);
                data.Add(type, [2, 5, 6, 7, 2], [2, 3, 3], [2, 2, 1], padding);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Pooling_takes_the_largest_or_the_mean_of_each_window(DType type, int[] shape, int[] window, int[] strides, PaddingMode mode)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch", "length");
        int[] ones = [.. window.Select(_ => 1)];
        Padding padding = mode == PaddingMode.Explicit ? Padding.Explicit(EquatableList.Create<int>(ones), EquatableList.Create<int>(ones)) : new Padding(mode);
        (int[] sizes, int[] before) = ConvolutionTests.Axes(shape, window, strides, ones, padding);
        double Pool(int[] y, Func<IEnumerable<double>, double> of) => of(Loops.Indices(new Shape(window)).Select(tap =>
        {
            int[] at = ConvolutionTests.At(y, tap, strides, ones, before);
            at[^1] = y[^1];
            return ConvolutionTests.Inside(at, shape) ? x[at] : double.NaN;
        }));
        var result = new Shape([shape[0], .. sizes, shape[^1]]);

        Tensor<double> largest = Loops.Make(result, y => Pool(y, w => w.Where(v => !double.IsNaN(v)).Max()));
        test.AssertClose(largest, test.Run((g, v) => g.MaxPool(v[0], [.. window], [.. strides], padding)));
        Tensor<double> mean = Loops.Make(result, y => Pool(y, w => w.Where(v => !double.IsNaN(v)).Average()));
        test.AssertClose(mean, test.Run((g, v) => g.AveragePool(v[0], [.. window], [.. strides], padding)));
        Tensor<double> padded = Loops.Make(result, y => Pool(y, w => w.Average(v => double.IsNaN(v) ? 0 : v)));
        test.AssertClose(padded, test.Run((g, v) => g.AveragePool(v[0], [.. window], [.. strides], padding, countsPadding: true)));
    }

    [Fact]
    public void MaxPool_of_integers_pads_with_the_least()
    {
        var test = new OpCase(DType.Float32);
        test.Add(Tensor.From([-5, -7, -9], 1, 3, 1));
        Assert.Equal([-5.0, -9.0], test.Run((g, v) => g.MaxPool(v[0], [2], [2], Padding.Same)).ToArray());
    }

    [Theory]
    [InlineData(DType.Float32, new[] { 2, 7, 3 }, new[] { 3 })]
    [InlineData(DType.Float64, new[] { 2, 7, 3 }, new[] { 7 })]
    [InlineData(DType.Float32, new[] { 2, 7, 3 }, new[] { 10 })]
    [InlineData(DType.Float32, new[] { 2, 7, 5, 3 }, new[] { 3, 2 })]
    [InlineData(DType.Float64, new[] { 1, 4, 7, 5, 3 }, new[] { 3, 2, 1 })]
    public void Adaptive_pooling_cuts_axes_into_overlapping_runs(DType type, int[] shape, int[] sizes)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch", "length");
        IEnumerable<double> Members(int[] y) => Loops.Indices(x.Shape).Where(i => i[0] == y[0] && i[^1] == y[^1]
            && Enumerable.Range(0, sizes.Length).All(a =>
                i[a + 1] >= Math.Floor((double)y[a + 1] * shape[a + 1] / sizes[a]) && i[a + 1] < Math.Ceiling((y[a + 1] + 1.0) * shape[a + 1] / sizes[a]))).Select(i => x[i]);
        var result = new Shape([shape[0], .. sizes, shape[^1]]);
        test.AssertClose(Loops.Make(result, y => Members(y).Average()), test.Run((g, v) => g.AdaptivePool(v[0], [.. sizes], PoolKind.Average)));
        test.AssertClose(Loops.Make(result, y => Members(y).Max()), test.Run((g, v) => g.AdaptivePool(v[0], [.. sizes], PoolKind.Max)));
    }
}
