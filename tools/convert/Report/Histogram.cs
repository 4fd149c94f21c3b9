using System.Globalization;
using KerasCompat.Runtime;

namespace KerasCompat.Convert.Report;

/// <summary>How a weight's numbers are spread.</summary>
internal sealed record Histogram(double Least, double Most, double Mean, double Deviation, long NotFinite, IReadOnlyList<int> Counts)
{
    private const int Bins = 32;
    private const double Width = 128, Height = 30;

    public static Histogram? Of(Weight weight)
    {
        if (!weight.HasValue || weight.DType == DType.String || weight.Shape.ElementCount == 0)
        {
            return null;
        }

        ReadOnlySpan<double> values = weight.Value.Cast(DType.Float64).As<double>().Span;
        double least = double.PositiveInfinity, most = double.NegativeInfinity, sum = 0, squares = 0;
        long finite = 0;
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                (least, most, sum, squares) = (Math.Min(least, value), Math.Max(most, value), sum + value, squares + (value * value));
                finite++;
            }
        }

        if (finite == 0)
        {
            return new Histogram(0, 0, 0, 0, values.Length, new int[Bins]);
        }

        var counts = new int[Bins];
        double scale = most > least ? Bins / (most - least) : 0;
        foreach (double value in values)
        {
            if (double.IsFinite(value))
            {
                counts[Math.Min((int)((value - least) * scale), Bins - 1)]++;
            }
        }

        double mean = sum / finite;
        return new Histogram(least, most, mean, Math.Sqrt(Math.Max((squares / finite) - (mean * mean), 0)), values.Length - finite, counts);
    }

    public string Description => string.Create(CultureInfo.InvariantCulture, $"{Least:g3} to {Most:g3}, mean {Mean:g3}, standard deviation {Deviation:g3}{(NotFinite > 0 ? $", {NotFinite} not finite" : string.Empty)}");

    /// <summary>Bars from the least number to the most, the highest as high as the picture, with a mark at zero where it lies between.</summary>
    public Markup Draw(string name)
    {
        double step = Width / Bins;
        int highest = Math.Max(Counts.Max(), 1);
        // A bin that is not empty is always seen.
        Markup bars = Markup.Join(Counts.Index().Where(c => c.Item > 0).Select(c =>
        {
            double height = Math.Max(Height * c.Item / highest, 1);
            return Markup.Of($"M{c.Index * step:0.##} {Height:0}v{-height:0.##}h{step - 0.6:0.##}v{height:0.##}z");
        }));
        double zero = Most > Least ? -Least / (Most - Least) * Width : -1;
        return Markup.Of($"""<svg class="histogram" viewBox="0 0 {Width:0} {Height + 1:0}" width="{Width:0}" height="{Height + 1:0}" role="img" aria-label="{name}: {Description}"><title>{name}: {Description}</title><path class="bars" d="{bars}"/>{Markup.If(zero >= 0 && zero <= Width, () => Markup.Of($"<path class=\"zero\" d=\"M{zero:0.##} 0v{Height + 1:0}\"/>"))}</svg>""");
    }
}
