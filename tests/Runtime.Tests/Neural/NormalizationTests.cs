namespace KerasCompat.Runtime.Tests.Neural;

public class NormalizationTests
{
    public static TheoryData<DType, int[], int> SoftmaxCases()
    {
        var data = new TheoryData<DType, int[], int>();
        foreach (DType type in new[] { DType.Float32, DType.Float64, DType.Float16 })
        {
            foreach (int[] shape in new int[][] { [2, 5], [1, 1], [3, 4, 7], [2, 33, 17], [0, 3] })
            {
                for (int axis = -1; axis < shape.Length; axis++)
                {
                    data.Add(type, shape, axis);
                }
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(SoftmaxCases))]
    public void Softmax_sums_to_one_along_its_axis(DType type, int[] shape, int axis)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Add(test.Random(new Shape(shape), -9, 9), "batch");
        Tensor<double> log = Loops.Make(x.Shape, index => x[index] - LogSumExp(x, index, axis < 0 ? axis + shape.Length : axis));
        test.AssertClose(Loops.Make(x.Shape, index => Math.Exp(log[index])), test.Run((g, v) => g.Softmax(v[0], axis)));
        test.AssertClose(log, test.Run((g, v) => g.LogSoftmax(v[0], axis)));
    }

    [Theory]
    [InlineData(DType.Float32, new[] { 3, 5 }, -1, true, true)]
    [InlineData(DType.Float32, new[] { 2, 4, 6, 37 }, 3, true, true)]
    [InlineData(DType.Float64, new[] { 2, 4, 6 }, 1, true, false)]
    [InlineData(DType.Float32, new[] { 2, 4, 6 }, 1, false, true)]
    [InlineData(DType.Float16, new[] { 2, 4 }, 1, false, false)]
    public void BatchNormalization_scales_and_shifts_each_channel(DType type, int[] shape, int axis, bool scale, bool center)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch");
        int own = axis < 0 ? axis + shape.Length : axis;
        var channels = new Shape(shape[own]);
        Tensor<double> mean = test.Weight(channels), variance = test.Weight(channels, 0.01, 2), gamma = test.Weight(channels), beta = test.Weight(channels);
        Tensor<double> expected = Loops.Make(x.Shape, i =>
            ((x[i] - mean[i[own]]) / Math.Sqrt(variance[i[own]] + 1e-3) * (scale ? gamma[i[own]] : 1)) + (center ? beta[i[own]] : 0));
        test.AssertClose(expected, test.Run((g, v) => g.BatchNormalization(v[0], v[1], v[2], scale ? v[3] : null, center ? v[4] : null, axis)), 10);
    }

    [Theory]
    [InlineData(DType.Float32, new[] { 3, 5 }, new[] { -1 }, true, true)]
    [InlineData(DType.Float32, new[] { 2, 7, 130 }, new[] { 2 }, true, true)]
    [InlineData(DType.Float64, new[] { 2, 4, 6 }, new[] { 2, 1 }, true, false)]
    [InlineData(DType.Float64, new[] { 2, 4, 6 }, new[] { 1 }, true, true)]
    [InlineData(DType.Float32, new[] { 2, 4, 6, 3 }, new[] { 1, -1 }, false, true)]
    [InlineData(DType.Float32, new[] { 2, 4, 6 }, new[] { 1 }, false, false)]
    public void LayerNormalization_and_RMSNormalization_take_moments_over_their_axes(DType type, int[] shape, int[] axes, bool scale, bool center)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch");
        int[] own = [.. axes.Select(a => a < 0 ? a + shape.Length : a).Order()];
        var scales = new Shape([.. own.Select(a => shape[a])]);
        Tensor<double> gamma = test.Weight(scales), beta = test.Weight(scales);
        int[] At(int[] index) => [.. own.Select(a => index[a])];
        bool Together(int[] a, int[] b) => Enumerable.Range(0, shape.Length).All(i => own.Contains(i) || a[i] == b[i]);

        Tensor<double> layer = Loops.Make(x.Shape, i =>
        {
            (double mean, double variance, _) = Moments(x, Together, i);
            return ((x[i] - mean) / Math.Sqrt(variance + 1e-3) * (scale ? gamma[At(i)] : 1)) + (center ? beta[At(i)] : 0);
        });
        test.AssertClose(layer, test.Run((g, v) => g.LayerNormalization(v[0], scale ? v[1] : null, center ? v[2] : null, [.. axes])), 10);

        Tensor<double> rms = Loops.Make(x.Shape, i => x[i] / Math.Sqrt(Moments(x, Together, i).Squares + 1e-6) * (scale ? gamma[At(i)] : 1));
        test.AssertClose(rms, test.Run((g, v) => g.RMSNormalization(v[0], scale ? v[1] : null, [.. axes])), 10);
    }

    [Theory]
    [InlineData(DType.Float32, new[] { 2, 3, 3, 8 }, 4, -1)]
    [InlineData(DType.Float32, new[] { 2, 8, 3, 2 }, 2, 1)]
    [InlineData(DType.Float64, new[] { 2, 5, 6 }, 6, -1)]
    [InlineData(DType.Float64, new[] { 3, 6 }, 1, -1)]
    public void GroupNormalization_takes_moments_over_groups_of_channels(DType type, int[] shape, int groups, int axis)
    {
        var test = new OpCase(type);
        Tensor<double> x = test.Input(new Shape(shape), "batch");
        int own = axis < 0 ? axis + shape.Length : axis, size = shape[own] / groups;
        Tensor<double> gamma = test.Weight(new Shape(shape[own])), beta = test.Weight(new Shape(shape[own]));
        Tensor<double> expected = Loops.Make(x.Shape, i =>
        {
            (double mean, double variance, _) = Moments(x, (a, b) => a[0] == b[0] && a[own] / size == b[own] / size, i);
            return ((x[i] - mean) / Math.Sqrt(variance + 1e-3) * gamma[i[own]]) + beta[i[own]];
        });
        test.AssertClose(expected, test.Run((g, v) => g.GroupNormalization(v[0], v[1], v[2], groups, axis)), 10);
    }

    private static double LogSumExp(Tensor<double> x, int[] index, int axis)
    {
        int[] at = [.. index];
        double sum = 0;
        for (at[axis] = 0; at[axis] < x.Shape[axis]; at[axis]++)
        {
            sum += Math.Exp(x[at]);
        }

        return Math.Log(sum);
    }

    private static (double Mean, double Variance, double Squares) Moments(Tensor<double> x, Func<int[], int[], bool> together, int[] index)
    {
        int[] own = [.. index];
        double[] members = [.. Loops.Indices(x.Shape).Where(i => together(i, own)).Select(i => x[i])];
        double mean = members.Average();
        return (mean, members.Average(m => (m - mean) * (m - mean)), members.Average(m => m * m));
    }
}
