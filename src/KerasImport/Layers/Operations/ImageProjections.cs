using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.image</c> that look at pictures from another side.</summary>
internal static class ImageProjections
{
    public static OperationSet Table { get; } = new()
    {
        ["AffineTransform"] = ImageOperations.Pictures((c, x) => Project(c, x, c.Tensor(1, "transform"))),
        ["PerspectiveTransform"] = ImageOperations.Pictures((c, x) => Project(c, x, Homography(c))),
    };

    /// <summary>
    /// The pixel (x, y) is read at ((a₀x + a₁y + a₂) / k, (b₀x + b₁y + b₂) / k), k = c₀x + c₁y + 1: TensorFlow's
    /// ImageProjectiveTransformV3.
    /// </summary>
    private static Value Project(OperationCall c, Value x, Value transform)
    {
        GraphBuilder g = c.Graph;
        transform = g.Cast(transform.Rank == 1 ? g.ExpandDims(transform, 0) : transform, DType.Float32);
        Value[] t = [.. g.Unstack(g.Reshape(transform, transform.Shape[0], 8, 1, 1), 1)];
        (Dim height, Dim width) = (x.Shape[1], x.Shape[2]);
        Value row = g.Reshape(g.Range(height, DType.Float32), 1, height, 1), column = g.Reshape(g.Range(width, DType.Float32), 1, 1, width);
        Value k = g.Add(Linear(t[6], t[7]), 1);
        Value atX = g.Div(g.Add(Linear(t[0], t[1]), t[2]), k), atY = g.Div(g.Add(Linear(t[3], t[4]), t[5]), k);
        string mode = c.Text("fill_mode", "constant");
        Value sizeY = g.SizeOf(x, 1, DType.Float32), sizeX = g.SizeOf(x, 2, DType.Float32);
        (atX, atY) = (Folded(g, atX, sizeX, mode), Folded(g, atY, sizeY, mode));
        Value fill = g.Scalar(c.Number("fill_value", 0), x.DType);
        Value y = c.Text("interpolation", "bilinear") == "nearest" ? Read(Nearest(atY), Nearest(atX)) : Bilinear();
        return g.Where(g.ExpandDims(g.Equal(k, 0), -1), fill, y);

        Value Linear(Value a, Value b) => g.Add(g.Mul(column, a), g.Mul(row, b));

        // Half goes away from zero, as C's round.
        Value Nearest(Value place) => g.Mul(g.Sign(place), g.Floor(g.Add(g.Abs(place), 0.5)));

        Value Bilinear()
        {
            Value top = g.Floor(atY), left = g.Floor(atX), bottom = g.Add(top, 1), right = g.Add(left, 1);
            Value towardsRight = g.ExpandDims(g.Sub(atX, left), -1), towardsLeft = g.ExpandDims(g.Sub(right, atX), -1);
            Value upper = g.Add(g.Mul(towardsLeft, Wide(top, left)), g.Mul(towardsRight, Wide(top, right)));
            Value lower = g.Add(g.Mul(towardsLeft, Wide(bottom, left)), g.Mul(towardsRight, Wide(bottom, right)));
            return g.Cast(g.Add(g.Mul(g.ExpandDims(g.Sub(bottom, atY), -1), upper), g.Mul(g.ExpandDims(g.Sub(atY, top), -1), lower)), x.DType);
        }

        Value Wide(Value i, Value j) => g.Cast(Read(i, j), DType.Float32);

        Value Read(Value i, Value j)
        {
            Value inside = g.And(g.And(g.GreaterEqual(i, 0), g.Less(i, sizeY)), g.And(g.GreaterEqual(j, 0), g.Less(j, sizeX)));
            Value line = g.Reshape(x, x.Shape[0], height * width, x.Shape[3]);
            Value place = g.Where(inside, g.Add(g.Mul(i, sizeX), j), g.Scalar(0, DType.Float32));
            var all = new SymbolicShape(x.Shape[0], height, width);
            Value picked = g.GatherND(line, g.ExpandDims(g.Cast(g.Expand(place, all), DType.Int64), -1), 1);
            return g.Where(g.ExpandDims(inside, -1), picked, fill);
        }
    }

    /// <summary>A place beyond the edge brought back: TensorFlow's MapCoordinate.</summary>
    private static Value Folded(GraphBuilder g, Value place, Value size, string mode)
    {
        Value last = g.Sub(size, 1), zero = g.Scalar(0, DType.Float32);
        switch (mode)
        {
            case "nearest":
                return Inside(place);
            case "reflect":
                Value twice = g.Mul(size, 2);
                Value raised = g.Where(g.Less(place, g.Neg(twice)), place, place) is var p ? g.Add(p, g.Mul(twice, g.Trunc(g.Div(g.Neg(p), twice)))) : place;
                Value below = g.Where(g.Less(raised, g.Neg(size)), g.Add(raised, twice), g.Sub(g.Neg(raised), 1));
                Value lowered = g.Sub(place, g.Mul(twice, g.Trunc(g.Div(place, twice))));
                Value above = g.Where(g.GreaterEqual(lowered, size), g.Sub(g.Sub(twice, lowered), 1), lowered);
                return Inside(Choose(below, above));
            case "wrap":
                Value up = g.Add(place, g.Mul(size, g.Add(g.Trunc(g.Div(g.Neg(place), last)), 1)));
                Value down = g.Sub(place, g.Mul(size, g.Trunc(g.Div(place, last))));
                return Inside(Choose(up, down));
            default:
                return place;
        }

        Value Inside(Value v) => g.Minimum(g.Maximum(v, zero), last);

        Value Choose(Value whereNegative, Value whereBeyond) => g.Where(g.Less(place, 0), whereNegative, g.Where(g.Greater(place, last), whereBeyond, place));
    }

    /// <summary>The eight numbers that take four corners to four others.</summary>
    private static Value Homography(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value from = Batch(c.Tensor(1, "start_points")), to = Batch(c.Tensor(2, "end_points"));
        Value zero = g.Zeros(new SymbolicShape(from.Shape[0]), DType.Float32), one = g.Ones(new SymbolicShape(from.Shape[0]), DType.Float32);
        var rows = new List<Value>();
        var targets = new List<Value>();
        for (int corner = 0; corner < 4; corner++)
        {
            (Value sx, Value sy) = Corner(from, corner);
            (Value ex, Value ey) = Corner(to, corner);
            rows.Add(g.Stack([ex, ey, one, zero, zero, zero, g.Neg(g.Mul(sx, ex)), g.Neg(g.Mul(sx, ey))], 1));
            rows.Add(g.Stack([zero, zero, zero, ex, ey, one, g.Neg(g.Mul(sy, ex)), g.Neg(g.Mul(sy, ey))], 1));
            targets.AddRange([sx, sy]);
        }

        Value solution = g.Solve(g.Stack(rows, 1), g.ExpandDims(g.Stack(targets, 1), -1));
        return g.Reshape(solution, from.Shape[0], 8);

        Value Batch(Value points) => g.Cast(points.Rank == 2 ? g.ExpandDims(points, 0) : points, DType.Float32);

        (Value X, Value Y) Corner(Value points, int corner) => g.Select(points, 1, corner) is var p ? (g.Select(p, 1, 0), g.Select(p, 1, 1)) : default;
    }
}
