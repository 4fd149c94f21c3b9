using System.Globalization;
using System.Reflection;
using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>A report as one HTML page that asks for nothing else.</summary>
internal static class ReportPage
{
    private const int LongestRanking = 10;

    private static readonly Dictionary<ContainerKind, string> KindText = new()
    {
        [ContainerKind.WholeModelHdf5] = "HDF5 model",
        [ContainerKind.LayerWeightsHdf5] = "HDF5 weights by layer",
        [ContainerKind.PathWeightsHdf5] = "HDF5 weights by path",
        [ContainerKind.KerasArchive] = ".keras archive",
        [ContainerKind.ShardedWeights] = "sharded HDF5 weights",
        [ContainerKind.TensorFlowJs] = "TensorFlow.js model",
        [ContainerKind.Architecture] = "architecture alone",
        [ContainerKind.Safetensors] = "safetensors",
        [ContainerKind.SavedModel] = "TensorFlow SavedModel",
    };

    public static string Write(ModelReport report)
    {
        string title = report.Model.Name;
        Markup page = Markup.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="generator" content="KerasCompat {typeof(KerasModel).Assembly.GetName().Version!.ToString(3)}">
            <title>{title} – model report</title>
            <style>{new Markup(Style())}</style>
            </head>
            <body>
            <header>
            <h1>{title}</h1>
            <p>{Origin(report)}</p>
            {Tiles(report)}
            </header>
            <main>
            {Differences(report)}
            <section class="panel drawing" aria-labelledby="h-network"><h2 id="h-network">Network</h2>
            <div class="scroll" tabindex="0">{NetworkDrawing.Draw(report.Network, report.Profile?.Seconds ?? 0, report.Compared)}</div>
            {Legend(report)}
            </section>
            {Times(report)}
            {Inner(report)}
            <section class="panel" aria-labelledby="h-layers"><h2 id="h-layers">Layers</h2>
            {Layers(report, report.Network)}
            </section>
            </main>
            </body>
            </html>

            """);
        return page.Text;
    }

    private static string Style()
    {
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("report.css")!;
        return new StreamReader(stream).ReadToEnd();
    }

    private static string Origin(ModelReport report)
    {
        string?[] parts =
        [
            Path.GetFileName(report.File.Name),
            KindText[report.File.Kind],
            report.Model.KerasVersion is { } version ? $"written by Keras {version}" : report.Model.Canonical.Generation,
            report.File.Backend is { } backend ? $"on {backend}" : null,
        ];
        return string.Join(" · ", parts.Where(p => !string.IsNullOrEmpty(p)));
    }

    private static Markup Tiles(ModelReport report)
    {
        long bytes = report.Model.Weights.Sum(w => (long)w.Shape.ElementCount * w.DType.Size());
        return Markup.Of($"""
            <dl class="tiles">
            {Tile("Parameters", Number(report.Model.Weights.Sum(w => (long)w.Shape.ElementCount)), report.HasWeights ? $"{Size(bytes)} of weights" : "no weights in the file")}
            {Tile("Layers", Number(report.Model.Layers.Count), Inputs(report.Model))}
            {(report.Profile is { } profile ? Tile("One call", Duration(profile.Seconds), $"for {string.Join(", ", profile.Inputs)}") : Tile("One call", "–", $"not timed: {report.NotProfiled}"))}
            {(report.Verification is { } verification ? Verdict(report, verification) : Tile("Against Keras", "–", "give vectors with --vectors"))}
            </dl>
            """);
    }

    private static Markup Tile(string name, string value, string note, string kind = "") =>
        Markup.Of($"""<div class="tile {kind}"><dt>{name}</dt><dd>{value}</dd><dd class="note">{note}</dd></div>""");

    private static Markup Verdict(ModelReport report, VerificationReport verification)
    {
        double largest = verification.Outputs.Max(o => o.LargestAbsolute);
        string difference = largest == 0 ? $"the same bits, {report.Tolerance}" : double.IsFinite(largest) ? $"largest difference {largest.ToString("0.##e+0", CultureInfo.InvariantCulture)}, {report.Tolerance}" : $"not comparable, {report.Tolerance}";
        return Tile("Against Keras", verification.Passes ? "Same numbers" : "Different numbers", difference, verification.Passes ? "good" : "bad");
    }

    private static Markup Differences(ModelReport report)
    {
        if (report.Verification is not { } verification)
        {
            return Markup.Empty;
        }

        string verdict = verification.FirstDiverging is { } diverging
            ? $"First outside the tolerance: {diverging.Layer} ({diverging.ClassName}{First(report)}), {HeatStrip.Text(diverging.Output)}; {(diverging.LargestBefore == 0 ? "the layers before it give the same bits" : $"the layers before it differ by at most {diverging.LargestBefore.ToString("0.#e+0", CultureInfo.InvariantCulture)}")}."
            : verification.Passes ? "Every output is within the tolerance." : "An output is outside the tolerance; the vectors do not hold the layers that would tell where it begins.";
        return Markup.Of($"""
            <section class="panel" aria-labelledby="h-difference"><h2 id="h-difference">Difference from Keras</h2>
            <p>{verdict}{Whereabouts(report)}</p>
            {(report.Network.Layers.Any(l => l.Difference is not null)
                ? Markup.Join([HeatStrip.Draw(report.Network, report.Tolerance), HeatStrip.Scale])
                : Markup.Of($"<p>The vectors hold the model's outputs, not those of its layers.</p>"))}
            </section>
            """);
    }

    /// <summary>Which call of the first layer outside the tolerance it is, where it has several.</summary>
    private static string First(ModelReport report) =>
        report.Network.Calls.Select(c => c.Call).FirstOrDefault(c => c.DivergesFirst)?.Name is { } call ? $", {call}" : string.Empty;

    /// <summary>Where a model inside is the first outside the tolerance, what of it is known.</summary>
    private static string Whereabouts(ModelReport report) => report.Network.Layers.FirstOrDefault(l => l.DivergesFirst) is { Inner: { } inner } outer
        ? $" That is a model of {inner.Network.Layers.Count()} layers. {Known(outer, inner)}"
        : string.Empty;

    /// <summary>What the vectors tell of a model inside.</summary>
    private static string Known(LayerEntry outer, NetworkEntry inner)
    {
        LayerEntry[] layers = [.. inner.Layers.Where(l => l.Family != "input")], known = [.. layers.Where(l => l.Difference is not null)];
        return outer.Difference is null ? $"The vectors hold nothing of {outer.Layer.Name}."
            : known.Length == layers.Length ? $"The vectors hold what {outer.Layer.Name} gives, and with it what every layer inside gives."
            : known.Length == 0 ? $"The vectors hold what {outer.Layer.Name} gives, and nothing of the {(layers.Length == 1 ? "layer" : $"{layers.Length} layers")} inside."
            : $"The vectors hold what {outer.Layer.Name} gives, which {string.Join(" and ", known.Select(k => k.Layer.Name))} inside {(known.Length == 1 ? "gives" : "give")}; of the {(layers.Length - known.Length == 1 ? "other layer" : $"other {layers.Length - known.Length} layers")} inside they hold nothing.";
    }

    private static Markup Legend(ModelReport report)
    {
        NetworkEntry network = report.Network;
        var present = network.Layers.Concat(network.Inner.SelectMany(i => i.Network.Layers)).Select(l => l.Family).ToHashSet();
        Markup heat = Markup.If(network.Layers.Any(l => l.Difference is not null), () => Markup.Of($"""<li class="edges"><i class="heat-0"></i><i class="heat-{HeatStrip.Colours - 1}"></i>right edge: difference from Keras, coloured as above</li>"""));
        return Markup.Of($"""<ul class="legend">{Markup.Join(LayerFamily.All.Where(present.Contains).Select(f => Markup.Of($"<li class=\"f-{f}\"><i></i>{f}</li>")))}{heat}</ul>""");
    }

    private static Markup Times(ModelReport report)
    {
        if (report.Profile is not { } profile)
        {
            return Markup.Empty;
        }

        LayerEntry[] longest = [.. report.Network.Layers.Where(l => l.Seconds > 0).OrderByDescending(l => l.Seconds).Take(LongestRanking)];
        double most = longest.Select(l => l.Seconds!.Value).DefaultIfEmpty(1).First();
        return Markup.Of($"""
            <section class="panel ranking" aria-labelledby="h-time"><h2 id="h-time">Where the time goes</h2>
            <p>Fastest of repeated calls of {string.Join(", ", profile.Inputs)} on this machine. Layers that another one computes along with its own, such as an activation behind a convolution, take no time of their own.</p>
            <ol>{Markup.Join(longest.Select(l => Markup.Of($"""<li class="f-{l.Family}"><a href="#{l.Id}" title="{l.Layer.Name}">{l.Layer.Name}</a><span class="bar"><i style="width:{Math.Max(l.Seconds!.Value / most * 100, 0.5):0.#}%"></i></span><span class="figure">{Duration(l.Seconds.Value)}</span><span class="figure">{Percent(l.Seconds.Value / profile.Seconds)}</span></li>""")))}</ol>
            </section>
            """);
    }

    private static Markup Inner(ModelReport report) => Markup.Join(report.Network.Inner.DistinctBy(i => i.Network.Network).Select(i => Markup.Of($"""
        <details class="panel"><summary><h2>{i.Network.Network.Name}</h2> <span>a model inside, {i.Network.Layers.Count} layers, {Number(i.Layer.Parameters)} parameters{Markup.If(report.Compared is not null, () => Markup.Of($", {Worst(report, i.Layer)}"))}</span></summary>
        {Markup.If(report.Compared is not null, () => Markup.Of($"<p>{Known(i.Layer, i.Network)}</p>{Markup.If(i.Network.Layers.Any(l => l.Difference is not null), () => HeatStrip.Draw(i.Network, report.Tolerance))}"))}
        <div class="scroll" tabindex="0" id="net-{i.Layer.Id}">{NetworkDrawing.Draw(i.Network, report.Profile?.Seconds ?? 0, report.Compared)}</div>
        {Layers(report, i.Network)}
        </details>

        """)));

    private static Markup Layers(ModelReport report, NetworkEntry network)
    {
        bool timed = report.Profile is not null, compared = report.Compared is not null && network.Layers.Any(l => l.Difference is not null);
        return Markup.Of($"""
            <div class="scroll" tabindex="0"><table>
            <thead><tr><th scope="col">Layer</th><th scope="col">Output</th><th scope="col">Type</th><th scope="col" class="figure">Parameters</th>{Markup.If(timed, () => Markup.Of($"<th scope=\"col\" class=\"figure\">Time</th>"))}{Markup.If(compared, () => Markup.Of($"<th scope=\"col\" class=\"figure\">Difference</th>"))}{Markup.If(report.HasWeights, () => Markup.Of($"<th scope=\"col\">Weights</th>"))}</tr></thead>
            <tbody>
            {Markup.Join(network.Layers.Select(l => Row(report, l, timed, compared)))}
            </tbody></table></div>
            """);
    }

    private static Markup Row(ModelReport report, LayerEntry layer, bool timed, bool compared)
    {
        Markup name = layer.Inner is null ? Breakable(layer.Layer.Name) : Markup.Of($"<a href=\"#{layer.Place}\">{Breakable(layer.Layer.Name)}</a>");
        Markup? time = layer.Seconds is > 0 and var taken && report.Profile is { } profile
            ? Markup.Of($"""<span class="meter"><i style="width:{taken / profile.Seconds * 100:0.#}%"></i></span>{Duration(taken)}, {Percent(taken / profile.Seconds)}""")
            : null;
        Markup? difference = layer.Difference is null ? null : Markup.Join(layer.Calls.Select(c => Markup.Of($"""<span class="call">{(c.Name is null ? string.Empty : $"{c.Name}: ")}{Difference(report, c.Difference)}{(c.DivergesFirst ? " ← first" : string.Empty)}</span>""")));
        Markup weights = layer.Inner is null ? Markup.Join(layer.Layer.Weights.Select(w => Weight(NameWithin(layer.Layer, w), w, report.Histogram(w)))) : Markup.Empty;
        return Markup.Of($"""
            <tr id="{layer.Id}" class="f-{layer.Family}{(layer.DivergesFirst ? " diverges" : string.Empty)}"><th scope="row">{name}<small>{layer.Layer.ClassName}</small></th><td class="shape">{layer.Shape}</td><td class="type">{layer.DType}</td>{Figure("parameters", layer.Parameters == 0 ? null : Markup.Of($"{Number(layer.Parameters)}"))}{Markup.If(timed, () => Figure("time", time))}{Markup.If(compared, () => Figure("difference", difference))}{Markup.If(report.HasWeights, () => Markup.Of($"<td><div class=\"weights\">{weights}</div></td>"))}</tr>

            """);
    }

    /// <summary>A name that a line may end within, after what joins its parts.</summary>
    private static Markup Breakable(string name) => new(Markup.Of($"{name}").Text.Replace("_", "_<wbr>", StringComparison.Ordinal).Replace("/", "/<wbr>", StringComparison.Ordinal));

    private static Markup Difference(ModelReport report, ArrayComparison? difference) => difference is null
        ? Markup.Of($"–")
        : Markup.Of($"""<i class="dot heat-{HeatStrip.Colour(difference, report.Tolerance)}"></i>{HeatStrip.Text(difference)}""");

    /// <summary>What the fold of a model inside says of its differences: the worst of them.</summary>
    private static Markup Worst(ModelReport report, LayerEntry layer) => layer.Worst is null
        ? Markup.Of($"not in the vectors")
        : Markup.Of($"difference from Keras {Difference(report, layer.Worst)}{(layer.Calls.Count > 1 ? $", the largest of {layer.Calls.Count} calls" : string.Empty)}{Markup.If(layer.DivergesFirst, () => Markup.Of($" <b>← first</b>"))}");

    /// <summary>A cell of a number; a narrow window leaves out those that have none, and writes before the others what they are.</summary>
    private static Markup Figure(string of, Markup? number) => Markup.Of($"""<td class="figure{(number is null ? " none" : string.Empty)}" data-of="{of}">{number ?? Markup.Of($"–")}</td>""");

    /// <summary>A weight's name within its layer: where several bear it, those of layers inside stand before it, as in <c>query/kernel</c>.</summary>
    private static string NameWithin(Layer layer, Weight weight) =>
        layer.Weights.Count(w => w.Name == weight.Name) > 1 && weight.Path.LastIndexOf($"{layer.Name}/", StringComparison.Ordinal) is >= 0 and var at ? weight.Path[(at + layer.Name.Length + 1)..] : weight.Name;

    private static Markup Weight(string name, Weight weight, Histogram? spread) => spread is { } histogram
        ? Markup.Of($"""<figure>{histogram.Draw(name)}<figcaption>{Ends(histogram)}<b>{Breakable(name)}</b> {weight.Shape.ToString()}{Spread(histogram)}{(histogram.NotFinite > 0 ? $", {histogram.NotFinite} not finite" : string.Empty)}</figcaption></figure>""")
        : Markup.Of($"""<figure><figcaption><b>{Breakable(name)}</b> {weight.Shape.ToString()}</figcaption></figure>""");

    /// <summary>What stands at the ends of a histogram: the least number and the most; one where all are the same.</summary>
    private static Markup Ends(Histogram histogram) => histogram.Least == histogram.Most
        ? Markup.Of($"""<span class="ends"><span>{histogram.Least:g3}</span></span>""")
        : Markup.Of($"""<span class="ends"><span>{histogram.Least:g3}</span><span>{histogram.Most:g3}</span></span>""");

    private static Markup Spread(Histogram histogram) => Markup.If(histogram.Most > histogram.Least, () => Markup.Of($"<br>{histogram.Mean:g3} ± {histogram.Deviation:g3}"));

    private static string Inputs(KerasModel model) => $"{string.Join(", ", model.Inputs.Take(3).Select(i => $"{i.Name} {i.Type}"))}{(model.Inputs.Count > 3 ? $" and {model.Inputs.Count - 3} inputs more" : string.Empty)}";

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{(share is > 0 and < 0.0005 ? "< 0.1" : (share * 100).ToString("0.#", CultureInfo.InvariantCulture))} %");

    private static string Size(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{(bytes >= 1e9 ? bytes / 1e9 : bytes >= 1e6 ? bytes / 1e6 : bytes / 1e3):0.#} {(bytes >= 1e9 ? "GB" : bytes >= 1e6 ? "MB" : "kB")}");

    private static string Duration(double seconds) => string.Create(CultureInfo.InvariantCulture, $"{(seconds >= 1 ? seconds : seconds >= 1e-3 ? seconds * 1e3 : seconds * 1e6):0.##} {(seconds >= 1 ? "s" : seconds >= 1e-3 ? "ms" : "µs")}");
}
