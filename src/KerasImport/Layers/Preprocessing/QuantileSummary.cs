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

    /// <summary>No number yet.</summary>
    public static QuantileSummary Empty { get; } = new([], []);

    /// <summary>True before any number.</summary>
    public bool IsEmpty => _values.Length == 0;

    /// <summary>Every so many-th of some numbers, in ascending order with NaN last, each standing for as many.</summary>
    /// <param name="numbers">The numbers of one batch.</param>
    /// <param name="epsilon">The share of the numbers that one stands for.</param>
    /// <param name="fromIncrement">tf.keras: the first taken is the one after the first step, not the last of it.</param>
    public static QuantileSummary Of(ReadOnlySpan<float> numbers, double epsilon, bool fromIncrement)
    {
        float[] sorted = [.. numbers];
        Array.Sort(sorted, (a, b) => float.IsNaN(a) || float.IsNaN(b) ? float.IsNaN(a).CompareTo(float.IsNaN(b)) : a.CompareTo(b));
        int increment = fromIncrement ? (int)(sorted.Length / (float)(1.0 / epsilon)) : (int)(sorted.Length * epsilon);
        int step = Math.Max(increment, 1);
        var values = new List<float>();
        for (int i = fromIncrement ? increment : step - 1; i < sorted.Length; i += step)
        {
            values.Add(sorted[i]);
        }

        return new QuantileSummary([.. values], [.. Enumerable.Repeat((float)step, values.Count)]);
    }

    /// <summary>The summary of these numbers and of those that came before. Of equal values the newer stand first; numpy leaves their order open.</summary>
    public QuantileSummary After(QuantileSummary before, double epsilon)
    {
        (float Value, float Weight)[] merged = [.. _values.Zip(_weights), .. before._values.Zip(before._weights)];
        (float Value, float Weight)[] sorted = [.. merged.OrderBy(m => float.IsNaN(m.Value)).ThenBy(m => m.Value)];
        return new QuantileSummary([.. sorted.Select(m => m.Value)], [.. sorted.Select(m => m.Weight)]).Compressed(epsilon);
    }

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
