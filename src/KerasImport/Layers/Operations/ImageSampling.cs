using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.image</c> that resample any axes: at given coordinates, or scaled and moved.</summary>
internal static class ImageSampling
{
    public static OperationSet Table { get; } = new()
    {
        ["MapCoordinates"] = c => new KerasTensor(MapCoordinates(c, c.Tensor(0, "inputs"))),
        ["ScaleAndTranslate"] = c => new KerasTensor(ScaleAndTranslate(c, c.Tensor(0, "images"))),
    };

    private static Value MapCoordinates(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Value[] places = [.. g.Unstack(c.Tensor(1, "coordinates"), 0)];
        string mode = c.Text("fill_mode", "constant");
        DType precise = places[0].DType.IsFloating() ? places[0].DType : DType.Float32;
        Value fill = g.Scalar(c.Number("fill_value", 0), precise);
        var axes = places.Select((p, axis) => Nodes(g.Cast(p, precise), axis)).ToArray();
        Value? sum = null;
        foreach (IEnumerable<Node> combination in axes.Aggregate((IEnumerable<IEnumerable<Node>>)[[]], (all, nodes) => all.SelectMany(a => nodes.Select(n => a.Append(n)))))
        {
            Node[] nodes = [.. combination];
            Value picked = g.Cast(g.GatherND(x, g.Stack([.. nodes.Select(n => n.Index)], places[0].Rank)), precise);
            picked = mode == "constant" ? g.Where(nodes.Select(n => n.Valid!).Aggregate((a, b) => g.And(a, b)), picked, fill) : picked;
            Value term = nodes.Where(n => n.Weight is not null).Aggregate(picked, (v, n) => g.Mul(v, n.Weight!));
            sum = sum is null ? term : g.Add(sum, term);
        }

        return g.Cast(x.DType.IsInteger() ? g.Round(sum!) : sum!, x.DType);

        Node[] Nodes(Value place, int axis)
        {
            Value size = g.SizeOf(x, axis);
            if (c.Int("order", 1) == 0)
            {
                return [At(g.Round(place), null)];
            }

            Value lower = g.Floor(place), towards = g.Sub(place, lower);
            return [At(lower, g.Sub(g.Scalar(1, precise), towards)), At(g.Add(lower, 1), towards)];

            Node At(Value v, Value? weight)
            {
                Value index = g.Cast(v, DType.Int64), last = g.Sub(size, 1);
                Value valid = g.And(g.GreaterEqual(index, 0), g.Less(index, size));
                Value twice = g.Mul(size, 2), folded = g.Mod(g.Abs(index), twice);
                return new Node(mode switch
                {
                    "wrap" => g.Mod(index, size),
                    "mirror" => g.Where(g.Less(folded, size), folded, g.Sub(twice, folded)),
                    "reflect" => g.Where(g.Less(folded, size), folded, g.Sub(g.Sub(twice, folded), 1)),
                    _ => g.Minimum(g.Maximum(index, 0), last),
                }, valid, weight);
            }
        }
    }

    private sealed record Node(Value Index, Value Valid, Value? Weight);

    private static Value ScaleAndTranslate(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] axes = c.RequiredInts("spatial_dims"), shape = [.. g.ConstantInts(c.Tensor(1, "output_shape"))];
        Value scale = ToFloating(g, c.Tensor(2, "scale")), translation = ToFloating(g, c.Tensor(3, "translation"));
        Func<Value, Value> kernel = ResampleKernels.Of(g, c.Text("method", "linear"), c.Config);
        Value y = x.DType.IsInteger() ? g.Cast(x, DType.Float32) : x;
        for (int i = 0; i < axes.Length; i++)
        {
            int axis = axes[i] < 0 ? axes[i] + x.Rank : axes[i];
            Value weights = Weights(g, x.Shape[axis], g.SizeOf(x, axis, scale.DType), shape[axis], g.Select(scale, 0, i), g.Select(translation, 0, i), kernel, c.Flag("antialias", true));
            y = g.MoveAxis(NumpyProducts.Contract(g, y, g.Cast(weights, y.DType), [axis], [0]), -1, axis);
        }

        int[] all = [.. Enumerable.Range(0, x.Rank)];
        return x.DType.IsInteger() ? g.Cast(g.Minimum(g.Maximum(g.Round(y), g.Cast(g.ReduceMin(x, all), y.DType)), g.Cast(g.ReduceMax(x, all), y.DType)), x.DType) : y;
    }

    /// <summary>How much each input counts for each output: (inputs, outputs), columns of sum 1, zeros for places outside.</summary>
    private static Value Weights(GraphBuilder g, Dim inputs, Value size, int outputs, Value scale, Value translation, Func<Value, Value> kernel, bool antialias)
    {
        DType type = scale.DType;
        Value inverse = g.Reciprocal(scale), one = g.Scalar(1, type);
        Value places = g.Sub(g.Sub(g.Mul(g.Add(g.Range(outputs, type), 0.5), inverse), g.Mul(translation, inverse)), 0.5);
        Value distance = g.Abs(g.Sub(g.ExpandDims(places, 0), g.ExpandDims(g.Range(inputs, type), 1)));
        Value weights = kernel(antialias ? g.Div(distance, g.Maximum(inverse, one)) : distance);
        Value sums = g.ReduceSum(weights, [0], keepDims: true), zero = g.Scalar(0, type);
        weights = g.Where(g.Greater(g.Abs(sums), 1000 * 1.1920929e-07), g.Div(weights, g.Where(g.NotEqual(sums, 0), sums, one)), zero);
        Value inside = g.And(g.GreaterEqual(places, -0.5), g.LessEqual(places, g.Sub(size, 0.5)));
        return g.Where(g.ExpandDims(inside, 0), weights, zero);
    }
}
