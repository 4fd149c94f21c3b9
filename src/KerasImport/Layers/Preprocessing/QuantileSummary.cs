using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>What <c>Discretization.adapt</c> learns of numbers: values in ascending order, and how many numbers each stands for.</summary>
/// <remarks>As in <c>keras/src/layers/preprocessing/discretization.py</c>: float32 in float64 arithmetic, as numpy computes it.</remarks>
internal sealed class QuantileSummary
{
    private readonly float[] _values;
    private readonly float[] _weights;

    /// <summary>A summary as files hold it.</summary>
    /// <param name="summary">Values and weights, <c>(2, n)</c>.</param>
    public QuantileSummary(Tensor<float> summary)
    {
        _values = summary.Rows(0, 1).ToArray();
        _weights = summary.Rows(1, 1).ToArray();
    }

    private QuantileSummary(float[] values, float[] weights) => (_values, _weights) = (values, weights);

    /// <summary>The boundaries of bins that hold about as many numbers each.</summary>
    public float[] Boundaries(int bins) => Compressed(1.0 / bins)._values[..^1];

    private QuantileSummary Compressed(double epsilon)
    {
        if (_values.Length * epsilon < 1)
        {
            return this;
        }

        var cumulative = new double[_weights.Length];
        float sum = 0;
        for (int i = 0; i < cumulative.Length; i++)
        {
            cumulative[i] = sum += _weights[i];
        }

        double[] shares = [.. cumulative.Select(c => (double)((float)c / sum))];
        double[] percents = [.. Enumerable.Range(0, (int)Math.Ceiling(1.0 / epsilon)).Select(i => epsilon + (i * epsilon))];
        double[] values = [.. _values.Select(v => (double)v)];
        double[] counts = [.. percents.Select(p => Interpolated(p, shares, cumulative))];
        return new QuantileSummary(
            [.. percents.Select(p => (float)Interpolated(p, shares, values))],
            [.. counts.Select((c, i) => (float)(c - (i == 0 ? 0 : counts[i - 1])))]);
    }

    /// <summary>numpy's <c>interp</c>.</summary>
    private static double Interpolated(double x, double[] xs, double[] ys)
    {
        if (x <= xs[0] || x >= xs[^1])
        {
            return x <= xs[0] ? ys[0] : ys[^1];
        }

        int j = Array.FindLastIndex(xs, v => v <= x);
        return (((ys[j + 1] - ys[j]) / (xs[j + 1] - xs[j])) * (x - xs[j])) + ys[j];
    }
}
