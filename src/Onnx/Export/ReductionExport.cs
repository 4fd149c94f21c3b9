using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Reductions, cumulative sums and sorting.</summary>
internal static class ReductionExport
{
    /// <summary>Those that ONNX has under a name.</summary>
    private static readonly (Type Op, string Name)[] Named =
    [
        (typeof(ReduceSum), "ReduceSum"), (typeof(ReduceMean), "ReduceMean"), (typeof(ReduceMax), "ReduceMax"), (typeof(ReduceMin), "ReduceMin"),
        (typeof(ReduceProd), "ReduceProd"), (typeof(ReduceL1), "ReduceL1"), (typeof(ReduceL2), "ReduceL2"),
        (typeof(ReduceSumSquare), "ReduceSumSquare"), (typeof(ReduceLogSumExp), "ReduceLogSumExp"),
    ];

    public static IEnumerable<OnnxEntry> Entries =>
    [
        .. Named.Select(r => new OnnxEntry(r.Op, n => Reduce(n, (ReduceOp)n.Node.Op, (x, axes, keep) => n.Onnx.Reduce(r.Name, x, axes, keep)))),
        OnnxEntry.Of<ReduceAll>((n, op) => Reduce(n, op, (x, axes, keep) => OfBool(n, "ReduceMin", x, axes, keep))),
        OnnxEntry.Of<ReduceAny>((n, op) => Reduce(n, op, (x, axes, keep) => OfBool(n, "ReduceMax", x, axes, keep))),
        OnnxEntry.Of<ArgMax>((n, op) => n.Out(n.Onnx.Add("ArgMax", [n.In(0)], ("axis", op.Axis), ("keepdims", op.KeepDims)))),
        OnnxEntry.Of<ArgMin>((n, op) => n.Out(n.Onnx.Add("ArgMin", [n.In(0)], ("axis", op.Axis), ("keepdims", op.KeepDims)))),
        OnnxEntry.Of<CumSum>((n, op) => n.Out(n.Onnx.Add("CumSum", [n.In(0), n.Onnx.Index(op.Axis)], ("exclusive", op.Exclusive), ("reverse", op.Reverse)))),
        OnnxEntry.Of<TopK>((n, op) =>
        {
            string[] results = n.Onnx.AddAll("TopK", 2, [n.In(0), n.Graph.Size(op.K)], ("axis", op.Axis), ("largest", op.Largest), ("sorted", true));
            n.Out(0, results[0]);
            n.Out(1, results[1]);
        }),
    ];

    /// <summary>Reduces the input in the order in which it is at hand; what is left of the order is the result's.</summary>
    private static void Reduce(NodeExport n, ReduceOp op, Func<string, IReadOnlyList<int>, bool, string> write)
    {
        int rank = n.Value(0).Rank;
        int[] order = n.Order(0), axes = [.. op.Axes.Select(a => a < 0 ? a + rank : a)];
        int[] left = [.. order.Where(a => !axes.Contains(a))], sorted = [.. left.Order()];
        int[] result = op.KeepDims ? order : [.. left.Select(a => Array.IndexOf(sorted, a))];
        n.Out(write(n.In(0, order), [.. axes.Select(a => Array.IndexOf(order, a)).Order()], op.KeepDims), result);
    }

    private static string OfBool(NodeExport n, string op, string x, IReadOnlyList<int> axes, bool keepDims) =>
        n.Onnx.Cast(n.Onnx.Reduce(op, n.Onnx.Cast(x, DType.Int32), axes, keepDims), DType.Bool);
}
