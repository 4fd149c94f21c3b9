using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.numpy</c> that put tensors together or cut them apart.</summary>
internal static class NumpyJoining
{
    public static OperationSet Table { get; } = new()
    {
        ["Append"] = c => new KerasTensor(Append(c)),
        ["ArraySplit"] = With(ArraySplit),
        ["ColumnStack"] = c => new KerasTensor(Joined(c, 1, (g, x) => x.Rank == 1 ? g.ExpandDims(x, -1) : x)),
        ["Concatenate"] = c => new KerasTensor(Joined(c, c.Int("axis", 0), (_, x) => x)),
        ["Dsplit"] = With((c, x) => Split(c, x, 2)),
        ["Dstack"] = c => new KerasTensor(Joined(c, 2, AtLeastThree)),
        ["Hsplit"] = With((c, x) => Split(c, x, x.Rank == 1 ? 0 : 1)),
        ["Hstack"] = c => new KerasTensor(Joined(c, c.List(0, "xs")[0].AsTensor(c.Graph).Rank == 1 ? 0 : 1, (_, x) => x)),
        ["Meshgrid"] = MeshGrid,
        ["Split"] = With((c, x) => Split(c, x, c.Axis(x, 0))),
        ["Stack"] = c => new KerasTensor(c.Graph.Stack(c.Promote(c.List(0, "x")), c.Int("axis", 0))),
        ["Unstack"] = With(Unstack),
        ["Vsplit"] = With((c, x) => Split(c, x, 0)),
        ["Vstack"] = c => new KerasTensor(Joined(c, 0, (_, x) => x)),
    };

    private static Value Joined(OperationCall c, int axis, Func<GraphBuilder, Value, Value> prepare) =>
        c.Graph.Concat([.. c.Promote(c.List(0, "xs")).Select(x => prepare(c.Graph, x))], axis);

    private static Value AtLeastThree(GraphBuilder g, Value x) => x.Rank switch
    {
        1 => g.Reshape(x, 1, x.Shape[0], 1),
        2 => g.ExpandDims(x, 2),
        _ => x,
    };

    private static Value Append(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        IReadOnlyList<Value> values = c.Promote([c.Operand(0, "x1"), c.Operand(1, "x2")]);
        return c.IntOrNull("axis") is { } axis ? g.Concat(values, axis) : g.Concat([.. values.Select(v => g.Reshape(v, v.Shape.ElementCount))], 0);
    }

    /// <summary>Into a number of equal pieces, or at given places.</summary>
    private static Structure Split(OperationCall c, Value x, int axis)
    {
        if (c.Parameter("indices_or_sections") is JValue { Value: long pieces })
        {
            c.Config.Afford("indices_or_sections", pieces);
            return Several(c.Graph.Split(x, axis, (int)pieces));
        }

        int[] places = c.RequiredInts("indices_or_sections");
        Dim[] bounds = [0, .. places.Select(p => p < 0 ? x.Shape[axis] + p : (Dim)p), x.Shape[axis]];
        return Several(c.Graph.Split(x, axis, new SymbolicShape(bounds.Skip(1).Zip(bounds, (end, start) => end - start))));
    }

    /// <summary>Into pieces as equal as can be, the larger first.</summary>
    private static Structure ArraySplit(OperationCall c, Value x)
    {
        int axis = c.Axis(x, 0);
        if (c.Parameter("indices_or_sections") is not JValue)
        {
            return Split(c, x, axis);
        }

        int pieces = c.Int("indices_or_sections", 1), size = x.Shape[axis].ValueOrNull ?? throw c.Call.Fail($"an axis of open size {x.Shape[axis]}", "a known size to split unequally");
        c.Config.Afford("indices_or_sections", pieces);
        return Several(c.Graph.Split(x, axis, new SymbolicShape(Enumerable.Range(0, pieces).Select(i => (Dim)((size / pieces) + (i < size % pieces ? 1 : 0))))));
    }

    private static Structure Unstack(OperationCall c, Value x)
    {
        c.Ignore("num");
        return Several(c.Graph.Unstack(x, c.Axis(x, 0)));
    }

    private static Structure MeshGrid(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value[] lines = [.. c.Positional().Select(o => o.AsTensor(g)).Select(v => g.Reshape(v, v.Shape.ElementCount))];
        bool swaps = c.Text("indexing", "xy") == "xy" && lines.Length > 1;
        int Place(int i) => swaps && i < 2 ? 1 - i : i;
        var shape = new Dim[lines.Length];
        for (int i = 0; i < lines.Length; i++)
        {
            shape[Place(i)] = lines[i].Shape[0];
        }

        return Several(lines.Select((line, i) => g.Expand(
            g.Reshape(line, new SymbolicShape(shape.Select((d, axis) => axis == Place(i) ? d : Dim.One))), new SymbolicShape(shape))));
    }
}
