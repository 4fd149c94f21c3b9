using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Operators that take indices.</summary>
internal static class IndexingExport
{
    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<Gather>((n, op) => n.Out(n.Onnx.Add("Gather", n.All(), ("axis", op.Axis)))),
        OnnxEntry.Of<GatherElements>((n, op) => n.Out(n.Onnx.Add("GatherElements", n.All(), ("axis", op.Axis)))),
        OnnxEntry.Of<GatherND>((n, op) => n.Out(n.Onnx.Add("GatherND", n.All(), ("batch_dims", op.BatchDims)))),
        OnnxEntry.Of<ScatterElements>((n, op) => n.Out(n.Onnx.Add("ScatterElements", n.All(), [("axis", op.Axis), .. Reduction(op.Reduction)]))),
        OnnxEntry.Of<ScatterND>((n, op) => n.Out(n.Onnx.Add("ScatterND", n.All(), Reduction(op.Reduction)))),
        OnnxEntry.Of<DynamicSlice>((n, op) =>
        {
            string starts = n.In(1);
            string ends = n.Onnx.Add("Add", starts, n.Sizes(op.Sizes));
            n.Out(n.Onnx.Add("Slice", n.In(0), starts, ends, n.Onnx.Vector(Enumerable.Range(0, n.Result.Rank).Select(a => (long)a))));
        }),
        OnnxEntry.Of<NonZero>((n, _) => n.Out(n.Onnx.Add("NonZero", n.In(0)))),
        OnnxEntry.Of<Compress>((n, op) => n.Out(n.Onnx.Add("Compress", n.All(), ("axis", op.Axis)))),
        OnnxEntry.Of<Unique>((n, op) =>
        {
            string[] all = n.Onnx.AddAll("Unique", 4, [n.In(0)], op.Axis is { } axis ? [("sorted", op.Sorted), ("axis", axis)] : [("sorted", op.Sorted)]);
            for (int i = 0; i < all.Length; i++)
            {
                n.Out(i, all[i]);
            }
        }),
    ];

    private static (string, object)[] Reduction(ScatterReduction reduction) => reduction == ScatterReduction.None
        ? []
        : [("reduction", reduction.ToString().ToLowerInvariant())];
}
