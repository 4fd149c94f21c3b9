using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Normalisations and Softmax.</summary>
internal static class NormalizationExport
{
    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<Softmax>((n, op) => AlongAxis(n, "Softmax", op.Axis)),
        OnnxEntry.Of<LogSoftmax>((n, op) => AlongAxis(n, "LogSoftmax", op.Axis)),
        OnnxEntry.Of<BatchNormalization>(Batch),
        OnnxEntry.Of<LayerNormalization>(Layer),
        OnnxEntry.Of<RMSNormalization>(RootMeanSquare),
    ];

    private static void AlongAxis(NodeExport n, string name, int axis)
    {
        int[] order = n.Order(0);
        n.Out(n.Onnx.Add(name, [n.In(0, order)], ("axis", Array.IndexOf(order, axis < 0 ? axis + order.Length : axis))), order);
    }

    /// <summary>ONNX has the channels on the second axis.</summary>
    private static void Batch(NodeExport n, BatchNormalization op)
    {
        int rank = n.Result.Rank, axis = op.Axis < 0 ? op.Axis + rank : op.Axis;
        int[] order = [0, axis, .. Enumerable.Range(1, rank - 1).Where(a => a != axis)];
        SymbolicShape channels = n.Value(1).Shape;
        string gamma = n.Optional(3) ?? n.Write(g => g.Ones(channels, n.DType)), beta = n.Optional(4) ?? n.Write(g => g.Zeros(channels, n.DType));
        n.Out(n.Onnx.Add("BatchNormalization", [n.In(0, order), gamma, beta, n.In(1), n.In(2)], ("epsilon", op.Epsilon)), order);
    }

    /// <summary>ONNX normalises trailing axes.</summary>
    private static void Layer(NodeExport n, LayerNormalization op)
    {
        int[] order = Trailing(n, op.Axes, out SymbolicShape scales);
        string gamma = n.Optional(1) ?? n.Write(g => g.Ones(scales, n.DType));
        n.Out(n.Onnx.Add("LayerNormalization", [n.In(0, order), gamma, n.Optional(2)], ("axis", -op.Axes.Count), ("epsilon", op.Epsilon)), order);
    }

    private static void RootMeanSquare(NodeExport n, RMSNormalization op)
    {
        int[] order = Trailing(n, op.Axes, out SymbolicShape scales);
        string scale = n.Optional(1) ?? n.Write(g => g.Ones(scales, n.DType));
        n.Out(n.Onnx.Add("RMSNormalization", [n.In(0, order), scale], ("axis", -op.Axes.Count), ("epsilon", op.Epsilon)), order);
    }

    private static int[] Trailing(NodeExport n, IReadOnlyList<int> axes, out SymbolicShape scales)
    {
        int rank = n.Result.Rank;
        int[] normalized = [.. axes.Select(a => a < 0 ? a + rank : a).Order()];
        scales = new SymbolicShape(normalized.Select(a => n.Result.Shape[a]));
        return [.. Enumerable.Range(0, rank).Except(normalized), .. normalized];
    }
}
