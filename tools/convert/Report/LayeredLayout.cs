namespace KerasCompat.Convert.Report;

/// <summary>Places the boxes of an acyclic graph in ranks from top to bottom, with few crossings and edges that run straight.</summary>
/// <remarks>
/// Sugiyama's method: longest paths give the ranks; an edge over several ranks passes through a point in each; points are ordered by the
/// mean place of their neighbours; and places are the least squares to their neighbours' that keep the order and the gaps.
/// </remarks>
internal sealed class LayeredLayout
{
    private const double Gap = 26, PassGap = 14;
    private const int Sweeps = 8, MostInRank = 4;

    private readonly List<Point> _points = [];
    private readonly List<List<Point>> _ranks = [];

    /// <param name="widths">Each box's width.</param>
    /// <param name="heights">Each box's height.</param>
    /// <param name="edges">From box to box; boxes are numbered so that edges go from smaller to larger numbers.</param>
    public LayeredLayout(IReadOnlyList<double> widths, IReadOnlyList<double> heights, IReadOnlyList<(int From, int To)> edges)
    {
        var rank = new int[widths.Count];
        foreach ((int from, int to) in edges.OrderBy(e => e.To).ThenBy(e => e.From))
        {
            rank[to] = Math.Max(rank[to], rank[from] + 1);
        }

        Spread(rank, edges);
        for (int i = 0; i < widths.Count; i++)
        {
            Add(new Point(i, rank[i], widths[i], heights[i]));
        }

        Edges = [.. edges.Select(e => Route(e.From, e.To))];
        Order();
        Place();
    }

    /// <summary>The ranks from top to bottom, each from left to right.</summary>
    public IReadOnlyList<IReadOnlyList<Point>> Ranks => _ranks;

    /// <summary>The points that each edge passes, its ends among them.</summary>
    public IReadOnlyList<IReadOnlyList<Point>> Edges { get; }

    /// <summary>A box, or where an edge passes a rank.</summary>
    /// <param name="Box">The box's number; −1 for an edge.</param>
    /// <param name="Rank">The rank.</param>
    /// <param name="Width">The width.</param>
    /// <param name="Height">The height; 0 for an edge.</param>
    internal sealed record Point(int Box, int Rank, double Width, double Height)
    {
        /// <summary>Where its middle is.</summary>
        public double X { get; set; }

        /// <summary>How much it counts: boxes stay in line, and edges that only pass give way.</summary>
        public double Weight => Box < 0 ? 0.001 : 1;

        public List<Point> Above { get; } = [];

        public List<Point> Below { get; } = [];

        public bool Equals(Point? other) => ReferenceEquals(this, other);

        public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
    }

    /// <summary>Moves boxes that nobody reads out of ranks that would be wider than a page.</summary>
    private static void Spread(int[] rank, IReadOnlyList<(int From, int To)> edges)
    {
        HashSet<int> read = [.. edges.Select(e => e.From)];
        for (int r = 0; r <= rank.Max(); r++)
        {
            int[] here = [.. Enumerable.Range(0, rank.Length).Where(i => rank[i] == r)];
            foreach (int i in here.Where(i => !read.Contains(i)).Reverse().Take(here.Length - MostInRank))
            {
                rank[i]++;
            }
        }
    }

    private Point Add(Point point)
    {
        while (_ranks.Count <= point.Rank)
        {
            _ranks.Add([]);
        }

        _ranks[point.Rank].Add(point);
        _points.Add(point);
        return point;
    }

    private List<Point> Route(int from, int to)
    {
        List<Point> route = [_points[from]];
        for (int rank = _points[from].Rank + 1; rank < _points[to].Rank; rank++)
        {
            route.Add(Add(new Point(-1, rank, 2, 0)));
        }

        route.Add(_points[to]);
        for (int i = 1; i < route.Count; i++)
        {
            route[i - 1].Below.Add(route[i]);
            route[i].Above.Add(route[i - 1]);
        }

        return route;
    }

    private void Order()
    {
        var best = _ranks.Select(r => r.ToList()).ToList();
        int fewest = Crossings();
        for (int sweep = 0; sweep < Sweeps && fewest > 0; sweep++)
        {
            bool down = sweep % 2 == 0;
            foreach (int r in Enumerable.Range(0, _ranks.Count).OrderBy(r => down ? r : -r))
            {
                Dictionary<Point, int> places = Neighbours(r, down).SelectMany(n => n).Distinct().ToDictionary(p => p, p => _ranks[p.Rank].IndexOf(p));
                List<Point> rank = _ranks[r];
                _ranks[r] = [.. rank.Select((p, i) => (Point: p, Key: (down ? p.Above : p.Below).Select(n => (double)places[n]).DefaultIfEmpty(i).Average())).OrderBy(p => p.Key).Select(p => p.Point)];
            }

            int crossings = Crossings();
            if (crossings < fewest)
            {
                fewest = crossings;
                best = [.. _ranks.Select(r => r.ToList())];
            }
        }

        _ranks.Clear();
        _ranks.AddRange(best);
    }

    private IEnumerable<List<Point>> Neighbours(int rank, bool above) => _ranks[rank].Select(p => above ? p.Above : p.Below);

    private int Crossings()
    {
        int crossings = 0;
        for (int r = 1; r < _ranks.Count; r++)
        {
            (int Above, int Here)[] edges = [.. _ranks[r].SelectMany((p, i) => p.Above.Select(a => (_ranks[r - 1].IndexOf(a), i)))];
            crossings += edges.Index().Sum(e => edges.Take(e.Index).Count(o => (o.Above - e.Item.Above) * (o.Here - e.Item.Here) < 0));
        }

        return crossings;
    }

    private void Place()
    {
        foreach (List<Point> rank in _ranks)
        {
            Settle(rank, [.. rank.Select(_ => 0.0)]);
        }

        for (int sweep = 0; sweep < Sweeps; sweep++)
        {
            foreach (List<Point> rank in sweep % 2 == 0 ? _ranks : Enumerable.Reverse(_ranks))
            {
                Settle(rank, [.. rank.Select(p =>
                {
                    Point[] near = [.. sweep == Sweeps - 1 ? p.Above.Concat(p.Below) : sweep % 2 == 0 ? p.Above : p.Below];
                    return near.Length == 0 ? p.X : near.Sum(n => n.X * n.Weight) / near.Sum(n => n.Weight);
                })]);
            }
        }

        double left = _points.Min(p => p.X - (p.Width / 2));
        _points.ForEach(p => p.X -= left);
    }

    /// <summary>Moves a rank's points as near to where they want to be as their order and gaps allow, in least squares (pool adjacent violators).</summary>
    private static void Settle(List<Point> rank, double[] wanted)
    {
        double offset = 0;
        var offsets = new double[rank.Count];
        var blocks = new List<(double Sum, double Weight, int Count)>();
        for (int i = 0; i < rank.Count; i++)
        {
            if (i > 0)
            {
                offset += ((rank[i - 1].Width + rank[i].Width) / 2) + (rank[i].Box < 0 || rank[i - 1].Box < 0 ? PassGap : Gap);
            }

            offsets[i] = offset;
            double weight = rank[i].Weight;
            blocks.Add(((wanted[i] - offset) * weight, weight, 1));
            while (blocks.Count > 1 && blocks[^2].Sum / blocks[^2].Weight >= blocks[^1].Sum / blocks[^1].Weight)
            {
                blocks[^2] = (blocks[^2].Sum + blocks[^1].Sum, blocks[^2].Weight + blocks[^1].Weight, blocks[^2].Count + blocks[^1].Count);
                blocks.RemoveAt(blocks.Count - 1);
            }
        }

        int at = 0;
        foreach ((double sum, double weight, int count) in blocks)
        {
            for (int i = 0; i < count; i++, at++)
            {
                rank[at].X = (sum / weight) + offsets[at];
            }
        }
    }
}
