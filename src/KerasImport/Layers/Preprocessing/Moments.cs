using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>Mean and variance along some axes of data.</summary>
/// <param name="Mean">The means, in C order.</param>
/// <param name="Variance">The variances, of all numbers (not of a sample of more).</param>
/// <param name="Shape">The sizes of the axes that were kept.</param>
internal sealed record Moments(double[] Mean, double[] Variance, Shape Shape)
{
    /// <summary>The moments along all axes but those that are kept.</summary>
    /// <param name="data">The data.</param>
    /// <param name="kept">The kept axes in ascending order.</param>
    public static Moments Of(Tensor<double> data, int[] kept)
    {
        var shape = new Shape([.. kept.Select(a => data.Shape[a])]);
        int[] group = Groups(data.Shape, kept);
        double size = (double)data.Length / shape.ElementCount;
        double[] mean = Sums(data.Span, group, shape.ElementCount, static (x, _) => x, []);
        Divide(mean, size);
        double[] variance = Sums(data.Span, group, shape.ElementCount, static (x, m) => (x - m) * (x - m), mean);
        Divide(variance, size);
        return new Moments(mean, variance, shape);
    }

    /// <summary>The moments of these numbers and further ones.</summary>
    /// <param name="next">The moments of the further numbers.</param>
    /// <param name="share">The further numbers' share of all.</param>
    public Moments Merged(Moments next, double share)
    {
        var mean = new double[Mean.Length];
        var variance = new double[Mean.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] = (Mean[i] * (1 - share)) + (next.Mean[i] * share);
            // Each part's variance and how far its mean lies off: the lack-of-fit sum of squares.
            variance[i] = ((Variance[i] + Square(Mean[i] - mean[i])) * (1 - share)) + ((next.Variance[i] + Square(next.Mean[i] - mean[i])) * share);
        }

        return new Moments(mean, variance, Shape);
    }

    /// <summary>One of the two as a weight holds it.</summary>
    /// <exception cref="ArgumentException">The weight has another shape.</exception>
    public Tensor Tensor(double[] values, Weight weight) => weight.Shape == Shape
        ? new Tensor<double>(values, Shape).Cast(weight.DType)
        : throw new ArgumentException($"statistics of shape {Shape} were learnt; the layer's input needs {weight.Shape}");

    private static double Square(double x) => x * x;

    private static double[] Sums(ReadOnlySpan<double> data, int[] group, int groups, Func<double, double, double> term, double[] about)
    {
        var sums = new double[groups];
        for (int i = 0; i < data.Length; i++)
        {
            sums[group[i]] += term(data[i], about.Length == 0 ? 0 : about[group[i]]);
        }

        return sums;
    }

    private static void Divide(double[] sums, double size)
    {
        for (int i = 0; i < sums.Length; i++)
        {
            sums[i] /= size;
        }
    }

    /// <summary>For each element the flat index among the kept axes.</summary>
    private static int[] Groups(Shape shape, int[] kept)
    {
        var groups = new int[shape.ElementCount];
        for (int i = 0; i < groups.Length; i++)
        {
            int rest = i, stride = 1;
            for (int axis = shape.Rank - 1; axis >= 0; axis--)
            {
                if (kept.Contains(axis))
                {
                    groups[i] += rest % shape[axis] * stride;
                    stride *= shape[axis];
                }

                rest /= shape[axis];
            }
        }

        return groups;
    }
}
