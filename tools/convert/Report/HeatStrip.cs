using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>The difference from Keras at every layer as a row of cells, coloured by how many times the tolerance it is.</summary>
internal static class HeatStrip
{
    /// <summary>Least powers of ten of difference / tolerance for each colour above the coolest.</summary>
    private static readonly int[] Steps = [-4, -3, -2, -1, 0, 1, 2];

    /// <summary>The number of colours.</summary>
    public static int Colours => Steps.Length + 1;

    /// <summary>The colour's number for a comparison, from 0, coolest; a layer outside the tolerance is never cooler than the tolerance's own step.</summary>
    public static int Colour(ArrayComparison comparison, Tolerance tolerance)
    {
        double unit = tolerance.Absolute > 0 ? tolerance.Absolute : double.Epsilon;
        double power = comparison.LargestAbsolute == 0 ? double.NegativeInfinity : Math.Log10(comparison.LargestAbsolute / unit);
        int colour = Steps.Count(s => power >= s);
        return comparison.Passes ? Math.Min(colour, LastWithin) : Math.Max(colour, LastWithin + 1);
    }

    /// <summary>The last colour of layers within the tolerance.</summary>
    private static int LastWithin => Array.IndexOf(Steps, 0);

    /// <summary>The strip of a model: a cell for each call of each layer.</summary>
    public static Markup Draw(NetworkEntry network, Tolerance tolerance) => Markup.Of($"""
        <ol class="strip" aria-label="Difference at each layer of {network.Network.Name}, in the order of execution">{Markup.Join(network.Calls.Where(c => c.Layer.Family != "input").Select(c => Cell(c.Layer, c.Call, tolerance)))}</ol>
        """);

    /// <summary>What the colours mean.</summary>
    public static Markup Scale { get; } = Markup.Of($"""
        <p class="scale" aria-hidden="true"><span>same bits</span>{Cells(0, LastWithin)}<span>the tolerance</span>{Cells(LastWithin + 1, Colours - 1)}<span>{Math.Pow(10, Steps[^1]):0} times it and more</span><i class="unknown"></i><span>not in the vectors</span></p>
        """);

    private static Markup Cells(int first, int last) => Markup.Join(Enumerable.Range(first, last - first + 1).Select(c => Markup.Of($"<i class=\"heat-{c}\"></i>")));

    private static Markup Cell(LayerEntry layer, CallEntry call, Tolerance tolerance)
    {
        string name = call.Name is null ? layer.Layer.Name : $"{layer.Layer.Name} ({call.Name})";
        string title = $"{layer.Layer.Name} ({layer.Layer.ClassName}{(call.Name is null ? string.Empty : $", {call.Name}")}): {(call.Difference is { } d ? Text(d) : "not in the vectors")}";
        string colour = call.Difference is { } difference ? $"heat-{Colour(difference, tolerance)}" : "unknown";
        return Markup.Of($"""<li class="{colour}{(call.DivergesFirst ? " first" : string.Empty)}"><a href="#{layer.Id}" title="{title}"><span class="label {LabelSize(name)}" aria-hidden="true">{name}</span><span class="hidden">{title}{(call.DivergesFirst ? ", the first outside the tolerance" : string.Empty)}</span></a></li>""");
    }

    /// <summary>Which cells are wide enough for a label, so that no two are cut to the same few letters.</summary>
    private static string LabelSize(string name) => name.Length switch { <= 7 => "n7", <= 10 => "n10", <= 14 => "n14", _ => "n20" };

    /// <summary>A difference in a few words.</summary>
    public static string Text(ArrayComparison comparison) => comparison.Mismatch
        ?? (comparison.LargestAbsolute == 0 ? "0" : comparison.LargestAbsolute.ToString("0.#e+0", System.Globalization.CultureInfo.InvariantCulture));
}
