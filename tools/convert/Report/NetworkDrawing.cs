using KerasCompat.Layers;
using KerasCompat.Verification;

namespace KerasCompat.Convert.Report;

/// <summary>Draws a model: a box for each call of a layer, chains of calls as stacks, and the edges between them.</summary>
/// <remarks>A tall drawing is cut into columns where all of it passes through one box, and read like a newspaper.</remarks>
internal sealed class NetworkDrawing
{
    private const double BoxWidth = 252, TallBox = 42, LowBox = 24, Step = 9, RankGap = 26, ColumnGap = 34, Margin = 12;
    private const int LongestStack = 12;

    /// <summary>A narrow window shrinks a drawing by no more than this, lest its text be too small; beyond it the drawing scrolls.</summary>
    private const double LeastScale = 0.72;
    private const double TallestColumn = 880;

    /// <summary>A column that would end so early in its height goes on: a few boxes beside a tall drawing are no gain.</summary>
    private const double LeastOfColumn = 0.4;

    /// <summary>So many columns a page is wide; drawings that need more get taller ones.</summary>
    private const double ColumnsOfPage = 4;

    private readonly NetworkEntry _network;
    private readonly double _seconds;
    private readonly Tolerance? _compared;
    private readonly List<List<Box>> _stacks = [];
    private readonly LayeredLayout _layout;
    private readonly double[] _tops;
    private readonly double[] _shifts;
    private readonly double[] _columns;

    private NetworkDrawing(NetworkEntry network, double seconds, Tolerance? compared)
    {
        _network = network;
        _seconds = seconds;
        _compared = compared;
        List<(int From, int To)> edges = Stack();
        _layout = new LayeredLayout([.. _stacks.Select(_ => BoxWidth)], [.. _stacks.Select(Height)], edges);
        (_tops, _columns, Width, DrawnHeight) = CutIntoColumns();
        _shifts = Shifts(_columns);
    }

    private double Width { get; }

    private double DrawnHeight { get; }

    /// <summary>The drawing as SVG.</summary>
    /// <param name="network">What is drawn.</param>
    /// <param name="seconds">The time of the whole call, to which bars in the boxes refer; zero where it was not measured.</param>
    /// <param name="compared">The tolerance that differences from Keras are coloured by; null where there are none.</param>
    public static Markup Draw(NetworkEntry network, double seconds, Tolerance? compared)
    {
        var drawing = new NetworkDrawing(network, seconds, compared);
        return Markup.Of($"""
            <svg class="network" viewBox="0 0 {drawing.Width:0.#} {drawing.DrawnHeight:0.#}" width="{drawing.Width:0.#}" height="{drawing.DrawnHeight:0.#}" style="min-width:{drawing.Width * LeastScale:0}px" role="group" aria-label="The layers of {network.Network.Name} and what they read">
            {Markup.Join(drawing._layout.Edges.Select(drawing.Edge))}
            {Markup.Join(drawing._layout.Ranks.SelectMany(r => r).Where(p => p.Box >= 0).SelectMany(drawing.Boxes))}
            </svg>
            """);
    }

    /// <summary>Makes a stack of every chain of calls in which each alone reads the one before. Returns the edges between stacks.</summary>
    private List<(int From, int To)> Stack()
    {
        CallSite[] calls = InOrder(_network.Network.CallSites);
        var readers = calls.SelectMany(c => c.Reads.Select(r => (Read: r, By: c))).ToLookup(p => p.Read, p => p.By);
        var layers = _network.Layers.ToDictionary(l => l.Layer);
        var stackOf = new Dictionary<(string, int), int>();
        var edges = new List<(int, int)>();
        foreach (CallSite call in calls)
        {
            var box = new Box(layers[call.Layer], call.Node, _network.Network.CallSites.Count(c => c.Layer == call.Layer) > 1);
            (string, int)[] reads = [.. call.Reads.Where(stackOf.ContainsKey)];
            if (reads is [var only] && readers[only].Count() == 1 && _stacks[stackOf[only]] is { Count: < LongestStack } stack)
            {
                stack.Add(box);
                stackOf[(call.Layer.Name, call.Node)] = stackOf[only];
                continue;
            }

            edges.AddRange(reads.Select(r => (stackOf[r], _stacks.Count)).Distinct());
            stackOf[(call.Layer.Name, call.Node)] = _stacks.Count;
            _stacks.Add([box]);
        }

        return edges;
    }

    /// <summary>The calls, each after those it reads, whatever the order of the file.</summary>
    private static CallSite[] InOrder(IReadOnlyList<CallSite> calls)
    {
        var waiting = calls.ToList();
        var done = new HashSet<(string, int)>();
        var ordered = new List<CallSite>();
        while (waiting.Count > 0)
        {
            // What is left when nothing can follow reads calls that are not there; it is drawn all the same.
            CallSite next = waiting.FirstOrDefault(c => c.Reads.All(done.Contains)) ?? waiting[0];
            waiting.Remove(next);
            ordered.Add(next);
            done.Add((next.Layer.Name, next.Node));
        }

        return [.. ordered];
    }

    /// <summary>Each rank's top, and the left edge of its column: columns no taller than a page needs, since a cut may have to wait for its place.</summary>
    private (double[] Tops, double[] Columns, double Width, double Height) CutIntoColumns()
    {
        double[] heights = [.. _layout.Ranks.Select(r => r.Max(p => p.Height))];
        double all = heights.Sum() + (RankGap * (heights.Length - 1));
        for (double most = Math.Max(TallestColumn, all / ColumnsOfPage); ; most *= 1.05)
        {
            var cut = CutIntoColumns(heights, most);
            if (most >= all || cut.Columns.Distinct().Count() <= ColumnsOfPage)
            {
                return cut;
            }
        }
    }

    private (double[] Tops, double[] Columns, double Width, double Height) CutIntoColumns(double[] heights, double most)
    {
        double[] tops = new double[heights.Length], columns = new double[heights.Length];
        double top = Margin, column = Margin, tallest = 0, right = 0;
        int first = 0;
        for (int r = 0; r < heights.Length; r++)
        {
            // The next place where the drawing may be cut again must still fit.
            int next = Enumerable.Range(r, heights.Length - r).FirstOrDefault(IsNeck, heights.Length - 1);
            double needed = heights[r..(next + 1)].Sum() + (RankGap * (next - r));
            if (r > first && IsNeck(r - 1) && top + needed > most && top > most * LeastOfColumn)
            {
                column = right + ColumnGap;
                (top, first) = (Margin + Step, r);
            }

            tops[r] = top;
            columns[r] = column;
            top += heights[r] + RankGap;
            tallest = Math.Max(tallest, top - RankGap);
            right = Math.Max(right, column + ColumnWidth(first, r));
        }

        return (tops, columns, right + Margin, tallest + Margin + Step);

        bool IsNeck(int rank) => _layout.Ranks[rank].Count == 1 && _layout.Ranks[rank][0].Box >= 0;

        double ColumnWidth(int from, int to)
        {
            LayeredLayout.Point[] points = [.. _layout.Ranks.Skip(from).Take(to - from + 1).SelectMany(r => r)];
            return points.Max(p => p.X + (p.Width / 2)) - points.Min(p => p.X - (p.Width / 2));
        }
    }

    /// <summary>How far each rank's points are moved sideways: all of a column together, so that its leftmost point stands at the column's left edge.</summary>
    private double[] Shifts(double[] columns)
    {
        var shifts = new double[columns.Length];
        foreach (IGrouping<double, int> column in Enumerable.Range(0, columns.Length).GroupBy(r => columns[r]))
        {
            double left = column.SelectMany(r => _layout.Ranks[r]).Min(p => p.X - (p.Width / 2));
            foreach (int r in column)
            {
                shifts[r] = column.Key - left;
            }
        }

        return shifts;
    }

    private double X(LayeredLayout.Point point) => point.X + _shifts[point.Rank];

    private double Bottom(LayeredLayout.Point point) => _tops[point.Rank] + (point.Box < 0 ? _layout.Ranks[point.Rank].Max(p => p.Height) : point.Height);

    private Markup Edge(IReadOnlyList<LayeredLayout.Point> route)
    {
        var path = new System.Text.StringBuilder();
        for (int i = 1; i < route.Count; i++)
        {
            LayeredLayout.Point from = route[i - 1], to = route[i];
            double x0 = X(from), y0 = Bottom(from), x1 = X(to), y1 = _tops[to.Rank];
            path.Append(Markup.Of($"M{x0:0.#} {y0:0.#}").Text);
            if (y1 > y0)
            {
                // Down beside what is taller in the rank, so that no edge runs behind a box.
                y0 = _tops[from.Rank] + _layout.Ranks[from.Rank].Max(p => p.Height);
                path.Append(Markup.Of($"V{y0:0.#}").Text);
                double half = (y1 - y0) / 2;
                path.Append(Markup.Of($"C{x0:0.#} {y0 + half:0.#} {x1:0.#} {y1 - half:0.#} {x1:0.#} {y1:0.#}").Text);
            }
            else
            {
                // To the next column: down, along the gutter, and in from above.
                double gutter = _columns[to.Rank] - (ColumnGap / 2), turn = y0 + Step, entry = y1 - Step - 2;
                path.Append(Markup.Of($"V{turn:0.#}H{gutter:0.#}V{entry:0.#}H{x1:0.#}V{y1:0.#}").Text);
            }

            if (to.Box < 0)
            {
                path.Append(Markup.Of($"V{Bottom(to):0.#}").Text);
            }
        }

        return Markup.Of($"""<path class="edge" d="{path.ToString()}"/>""");
    }

    private IEnumerable<Markup> Boxes(LayeredLayout.Point point)
    {
        double left = X(point) - (BoxWidth / 2), top = _tops[point.Rank];
        List<Box> stack = _stacks[point.Box];
        for (int i = 0; i < stack.Count; i++)
        {
            if (i > 0)
            {
                yield return Markup.Of($"""<path class="edge" d="M{X(point):0.#} {top - Step:0.#}v{Step:0.#}"/>""");
            }

            yield return stack[i].Draw(left, top, _seconds, _compared);
            top += stack[i].Height + Step;
        }
    }

    private static double Height(List<Box> stack) => stack.Sum(b => b.Height) + (Step * (stack.Count - 1));

    /// <summary>A call of a layer.</summary>
    private sealed record Box(LayerEntry Layer, int Node, bool IsOneOfSeveral)
    {
        /// <summary>Layers that only follow another are drawn low, so that those which do the work are seen.</summary>
        private bool IsLow => Layer is { Inner: null, Family: "normalization" or "activation" or "shape" or "sampling" or "input" };

        public double Height => IsLow ? LowBox : TallBox;

        /// <summary>How far this call is from what Keras computed; of a nested model also what is known of its inside.</summary>
        private ArrayComparison? Difference => Layer.Calls.Where(c => c.Node == Node).Select(c => c.Difference).Append(IsOneOfSeveral ? null : Layer.Worst).MaxBy(d => d?.LargestAbsolute ?? -1);

        private bool DivergesFirst => Layer.Calls.Any(c => c.Node == Node && c.DivergesFirst);

        public Markup Draw(double left, double top, double seconds, Tolerance? compared)
        {
            string name = Layer.Layer.Name + (IsOneOfSeveral ? $" (call {Node + 1})" : string.Empty);
            double? share = seconds > 0 && Node == 0 ? Layer.Seconds / seconds : null;
            string description = $"{name}, {Layer.Layer.ClassName}, gives {Layer.Shape}, {Layer.Parameters:N0} parameters{(share is { } s ? $", {s:p1} of the time" : string.Empty)}{(Difference is { } known ? $", difference from Keras {HeatStrip.Text(known)}" : string.Empty)}{(DivergesFirst ? ", the first that diverges from Keras" : string.Empty)}";
            Markup behind = Markup.If(Layer.Inner is not null, () => Markup.Of($"""<rect class="behind" x="{left + 5:0.#}" y="{top + 5:0.#}" width="{BoxWidth:0}" height="{Height:0}" rx="7"/>"""));
            string what = Short(Layer.Family == "input" ? Layer.Shape : Layer.Layer.ClassName.Replace("Normalization", "Norm", StringComparison.Ordinal).Replace("Average", "Avg", StringComparison.Ordinal).Replace("Pooling", "Pool", StringComparison.Ordinal), 16);
            Markup text = IsLow
                ? Markup.Of($"""<text x="{left + 12:0.#}" y="{top + 16:0.#}"><tspan class="name">{Short(name, (int)((BoxWidth - 28 - (what.Length * 6.9)) / 8))}</tspan></text><text class="what" text-anchor="end" x="{left + BoxWidth - 10:0.#}" y="{top + 16:0.#}">{what}</text>""")
                : Markup.Of($"""<text class="name" x="{left + 12:0.#}" y="{top + 17:0.#}">{Short(name, 33)}</text><text class="what" x="{left + 12:0.#}" y="{top + 33:0.#}">{Short($"{Layer.Layer.ClassName} {Layer.Shape}", 40)}</text>""");
            Markup bar = Markup.If(share >= 0.005, () => Markup.Of($"""<rect class="share" x="{left + 6:0.#}" y="{top + Height - 4:0.#}" width="{Math.Max((share ?? 0) * (BoxWidth - 12), 2):0.#}" height="2.5" rx="1.2"/>"""));
            Markup heat = compared is not null && Difference is { } difference
                ? Markup.Of($"""<path class="heat-{HeatStrip.Colour(difference, compared)}" d="M{left + BoxWidth - 7:0.#} {top:0.#}h1a6 6 0 0 1 6 6v{Height - 12:0.#}a6 6 0 0 1 -6 6h-1z"/>""")
                : Markup.Empty;
            return Markup.Of($"""
                <a href="#{Layer.Place}" class="box f-{Layer.Family}{(DivergesFirst ? " diverges" : string.Empty)}" aria-label="{description}"><title>{description}</title>{behind}<rect class="body" x="{left:0.#}" y="{top:0.#}" width="{BoxWidth:0}" height="{Height:0}" rx="7"/><path class="stripe" d="M{left + 7:0.#} {top:0.#}h-1a6 6 0 0 0 -6 6v{Height - 12:0.#}a6 6 0 0 0 6 6h1z"/>{heat}{text}{bar}</a>

                """);
        }

        /// <summary>A text that fits; the end of a name tells as much as its beginning.</summary>
        private static string Short(string text, int most) => text.Length <= most ? text : $"{text[..(most - 1 - (most / 3))]}…{text[^(most / 3)..]}";
    }
}
