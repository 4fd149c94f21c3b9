using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.numpy</c> that move elements of one tensor.</summary>
internal static class NumpyShapes
{
    public static OperationSet Table { get; } = new()
    {
        ["BroadcastTo"] = With((c, x) => c.Graph.Expand(x, Sizes(c, "shape"))),
        ["ExpandDims"] = With(ExpandDims),
        ["Flip"] = With((c, x) => c.Graph.Reverse(x, c.Axes(x))),
        ["Fliplr"] = Plain((g, x) => g.Reverse(x, 1)),
        ["Flipud"] = Plain((g, x) => g.Reverse(x, 0)),
        ["Moveaxis"] = With(MoveAxes),
        ["Ndim"] = Plain((g, x) => g.Scalar(x.Rank, DType.Int32)),
        ["Pad"] = With(Pad),
        ["Ravel"] = Plain((g, x) => g.Reshape(x, x.Shape.ElementCount)),
        ["Rearrange"] = c => new KerasTensor(Rearrangement.Apply(c)),
        ["Repeat"] = With(Repeat),
        ["Reshape"] = With((c, x) => c.Graph.Reshape(x, Resolved(x, c.Ints("newshape") ?? c.Ints("new_shape") ?? c.RequiredInts("target_shape")))),
        ["Roll"] = With(Roll),
        ["Rot90"] = c => new KerasTensor(Rotate(c)),
        ["Size"] = Plain((g, x) => g.Cast(g.Size(x), DType.Int32)),
        ["Squeeze"] = With(Squeeze),
        ["Swapaxes"] = With((c, x) => c.Graph.SwapAxes(x, c.Axis(x, 0, "axis1"), c.Axis(x, 1, "axis2"))),
        ["Tile"] = With((c, x) => c.Graph.Tile(x, Sizes(c, "repeats"))),
        ["Transpose"] = With((c, x) => c.Graph.Transpose(x, c.Ints("axes") is { } axes ? [.. axes.Select(a => a < 0 ? a + x.Rank : a)] : [.. Enumerable.Range(0, x.Rank).Reverse()])),
    };

    /// <summary>A shape in which one size may be −1: what is left of the elements.</summary>
    internal static SymbolicShape Resolved(Value x, int[] shape)
    {
        Dim known = Dim.Product(shape.Where(d => d >= 0).Select(d => (Dim)d));
        return new SymbolicShape(shape.Select(d => d >= 0 ? (Dim)d : Dim.FloorDiv(x.Shape.ElementCount, known)));
    }

    private static SymbolicShape Sizes(OperationCall c, string name) => new(c.RequiredInts(name).Select(d => (Dim)d));

    private static Value ExpandDims(OperationCall c, Value x)
    {
        int[] axes = c.RequiredInts("axis");
        int rank = x.Rank + axes.Length;
        foreach (int axis in axes.Select(a => a < 0 ? a + rank : a).Order())
        {
            x = c.Graph.ExpandDims(x, axis);
        }

        return x;
    }

    private static Value Squeeze(OperationCall c, Value x)
    {
        int[] axes = c.Ints("axis") is null ? [.. Enumerable.Range(0, x.Rank).Where(a => x.Shape[a] == Dim.One)] : c.Axes(x);
        return c.Graph.Reshape(x, new SymbolicShape(x.Shape.Where((_, axis) => !axes.Contains(axis))));
    }

    private static Value MoveAxes(OperationCall c, Value x)
    {
        int[] from = c.Axes(x, "source"), to = c.Axes(x, "destination");
        List<int> order = [.. Enumerable.Range(0, x.Rank).Where(a => !from.Contains(a))];
        foreach ((int place, int axis) in to.Zip(from).Order())
        {
            order.Insert(place, axis);
        }

        return c.Graph.Transpose(x, [.. order]);
    }

    private static Value Pad(OperationCall c, Value x)
    {
        int[][] widths = c.Parameter("pad_width") switch
        {
            Newtonsoft.Json.Linq.JValue single => [.. Enumerable.Repeat<int[]>([(int)single, (int)single], x.Rank)],
            Newtonsoft.Json.Linq.JArray { Count: 1 } list => [.. Enumerable.Repeat(Pair(list[0]), x.Rank)],
            Newtonsoft.Json.Linq.JArray list when list.All(i => i is Newtonsoft.Json.Linq.JValue) => [.. Enumerable.Repeat(Pair(list), x.Rank)],
            Newtonsoft.Json.Linq.JArray list => [.. list.Select(Pair)],
            _ => throw c.Config.Wrong("pad_width", "nothing", "a list of pairs"),
        };
        PadMode mode = c.Text("mode", "constant") switch
        {
            "constant" => PadMode.Constant,
            "reflect" => PadMode.Reflect,
            "symmetric" => PadMode.Symmetric,
            var other => throw new UnsupportedModelException($"{c.Config.Place}.mode", other, "constant, reflect or symmetric"),
        };
        double value = c.OperandOrNull(1, "constant_values") is { Tensor: null } number ? number.Number : 0;
        return c.Graph.Pad(x, [.. widths.Select(w => w[0])], [.. widths.Select(w => w[1])], mode, value);

        static int[] Pair(Newtonsoft.Json.Linq.JToken token) => token is Newtonsoft.Json.Linq.JArray { Count: 2 } pair
            ? [(int)pair[0], (int)pair[1]]
            : [(int)(token is Newtonsoft.Json.Linq.JArray { Count: 1 } one ? one[0] : token), (int)(token is Newtonsoft.Json.Linq.JArray { Count: 1 } same ? same[0] : token)];
    }

    private static Value Repeat(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] repeats = c.RequiredInts("repeats");
        c.Config.Afford("repeats", repeats.Sum(r => (long)r));
        int? axis = c.IntOrNull("axis");
        Value line = axis is null ? g.Reshape(x, x.Shape.ElementCount) : x;
        int along = axis is null ? 0 : axis.Value < 0 ? axis.Value + x.Rank : axis.Value;
        return repeats.Length == 1
            ? g.Repeat(line, along, repeats[0])
            : g.Gather(line, g.Vector(repeats.SelectMany((count, i) => Enumerable.Repeat((long)i, count))), along);
    }

    private static Value Roll(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] shifts = c.RequiredInts("shift");
        if (c.Ints("axis") is null)
        {
            return g.Reshape(g.Roll(g.Reshape(x, x.Shape.ElementCount), 0, shifts[0]), x.Shape);
        }

        int[] axes = c.Axes(x);
        for (int i = 0; i < axes.Length; i++)
        {
            x = g.Roll(x, axes[i], shifts[shifts.Length == 1 ? 0 : i]);
        }

        return x;
    }

    private static Value Rotate(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value x = c.Tensor(0, "array");
        int[] axes = c.Ints("axes") is null ? [0, 1] : c.Axes(x, "axes");
        int turns = ((c.Int("k", 1) % 4) + 4) % 4;
        if (turns == 0)
        {
            return x;
        }

        int[] order = [.. Enumerable.Range(0, x.Rank).Except(axes), .. axes];
        Value planes = g.Transpose(x, order);
        Dim rows = planes.Shape[-2], columns = planes.Shape[-1];
        var outer = new SymbolicShape(planes.Shape.Take(x.Rank - 2));
        Value turned = Turn(g.Reshape(planes, outer.ElementCount, rows, columns));
        (rows, columns) = turns % 2 == 1 ? (columns, rows) : (rows, columns);

        // Keras 3 on TensorFlow reshapes after the first turn where others have turned: with more than one turn, planes that are not square come out mixed.
        turned = g.Reshape(turned, outer.ElementCount, rows, columns);
        for (int i = 1; i < turns; i++)
        {
            turned = Turn(turned);
        }

        Value whole = g.Reshape(turned, new SymbolicShape([.. outer, rows, columns]));
        return g.Transpose(whole, [.. Enumerable.Range(0, x.Rank).Select(a => Array.IndexOf(order, a))]);

        Value Turn(Value v) => g.SwapAxes(g.Reverse(v, 2), 1, 2);
    }
}
