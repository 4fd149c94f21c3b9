using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Operators that move elements.</summary>
internal static class MovementExport
{
    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<Reshape>((n, op) => n.Out(Reshape(n, op.Shape))),
        OnnxEntry.Of<Transpose>(Transpose),
        OnnxEntry.Of<Expand>((n, op) => n.Out(n.Onnx.Add("Expand", n.In(0), n.Sizes(op.Shape)))),
        OnnxEntry.Of<Tile>((n, op) => n.Out(n.Onnx.Add("Tile", n.In(0), n.Sizes(op.Repeats)))),
        OnnxEntry.Of<Concat>(Concat),
        OnnxEntry.Of<Split>(Split),
        OnnxEntry.Of<Slice>(Slice),
        OnnxEntry.Of<Pad>(Pad),
        OnnxEntry.Of<Trilu>((n, op) => n.Out(n.Onnx.Add("Trilu", [n.In(0), n.Onnx.Index(op.Diagonal)], ("upper", op.Upper)))),
    ];

    /// <summary>
    /// The sizes of ONNX's Reshape: 0 takes the input's size at that place, one −1 follows from the others. With these most shapes are
    /// constants even where sizes are symbolic.
    /// </summary>
    private static string Reshape(NodeExport n, SymbolicShape wanted)
    {
        SymbolicShape from = n.Graph.Known(n.Value(0).Shape), to = n.Graph.Known(wanted);
        if (to.Any(d => d == Dim.Zero))
        {
            return n.Onnx.Opset >= 14
                ? n.Onnx.Add("Reshape", [n.In(0), n.Sizes(to)], ("allowzero", true))
                : n.Onnx.Add("Reshape", n.In(0), n.Sizes(to));
        }

        long[] sizes = [.. to.Select((d, i) => d.IsConstant ? d.Value : i < from.Rank && from[i] == d ? 0 : -1L)];
        return sizes.Count(s => s == -1) <= 1
            ? n.Onnx.Add("Reshape", n.In(0), n.Onnx.Vector(sizes))
            : n.Onnx.Add("Reshape", n.In(0), n.Sizes(to));
    }

    /// <summary>No node: the result is the input in another order of axes.</summary>
    private static void Transpose(NodeExport n, Transpose op)
    {
        int[] order = n.Order(0), places = AxisOrder.Inverse(op.Perm);
        n.Out(n.In(0, order), order.Select(axis => places[axis]).ToArray());
    }

    private static void Concat(NodeExport n, Concat op)
    {
        int rank = n.Result.Rank, axis = op.Axis < 0 ? op.Axis + rank : op.Axis;
        int first = Enumerable.Range(0, n.Count).FirstOrDefault(i => n.Graph.Stored(n.Value(i)) is null);
        int[] order = n.Order(first);
        n.Out(n.Onnx.Add("Concat", [.. Enumerable.Range(0, n.Count).Select(i => n.In(i, order))], ("axis", Array.IndexOf(order, axis))), order);
    }

    private static void Split(NodeExport n, Split op)
    {
        int rank = n.Result.Rank, axis = op.Axis < 0 ? op.Axis + rank : op.Axis;
        int[] order = n.Order(0);
        string[] pieces = n.Onnx.Split(n.In(0, order), Array.IndexOf(order, axis), n.Sizes(op.Sizes), op.Sizes.Rank);
        for (int i = 0; i < pieces.Length; i++)
        {
            n.Out(i, pieces[i], order);
        }
    }

    private static void Slice(NodeExport n, Slice op)
    {
        if (op is { Axes: [1], Starts: [-1 or Runtime.Slice.Open], Steps: [-1] } && op.Ends[0] == Runtime.Slice.OpenBackward && n.Graph.FindTurned(n.Value(0)) is { } turned)
        {
            n.Out(turned.Name, turned.Order);
            return;
        }

        int[] order = n.Order(0);
        long[] axes = [.. op.Axes.Select(a => (long)Array.IndexOf(order, a < 0 ? a + n.Result.Rank : a))];
        string ends = op.Ends.IsConstant ? n.Onnx.Vector(op.Ends.Select(e => End(e.Value))) : n.Sizes(op.Ends);
        string? steps = op.Steps.All(s => s == 1) ? null : n.Onnx.Vector(op.Steps.Select(s => (long)s));
        n.Out(n.Onnx.Add("Slice", n.In(0, order), n.Onnx.Vector(op.Starts.Select(s => End(s))), ends, n.Onnx.Vector(axes), steps), order);
    }

    /// <summary>What lies beyond every end is ONNX's too.</summary>
    private static long End(int place) => place == Runtime.Slice.Open ? long.MaxValue : place == Runtime.Slice.OpenBackward ? long.MinValue + 1 : place;

    private static void Pad(NodeExport n, Pad op)
    {
        int[] order = n.Order(0);
        string mode = op.Mode switch
        {
            PadMode.Constant => "constant",
            PadMode.Edge => "edge",
            PadMode.Reflect => "reflect",
            _ => "wrap",
        };
        string pads = n.Onnx.Vector(order.Select(a => (long)op.Before[a]).Concat(order.Select(a => (long)op.After[a])));
        string? value = op.Mode == PadMode.Constant && op.Value != 0 ? n.Onnx.Scalar(op.Value, n.DType) : null;
        n.Out(n.Onnx.Add("Pad", [n.In(0, order), pads, value], ("mode", mode)), order);
    }
}
