using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Operators whose results are as long as their elements tell.</summary>
internal static class CountingExport
{
    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<Bincount>(Bins),
        OnnxEntry.Of<SegmentReduce>(Segments),
        OnnxEntry.Of<SliceTo>((n, op) => n.Out(n.Onnx.Add(
            "Slice",
            n.In(0),
            Place(n, 1, op.Step > 0 ? 0 : long.MaxValue),
            Place(n, 2, op.Step > 0 ? long.MaxValue : long.MinValue + 1),
            n.Onnx.Vector(op.Axis),
            n.Onnx.Vector(op.Step)))),
    ];

    private static string Place(NodeExport n, int input, long otherwise) => n.Has(input)
        ? n.Onnx.Add("Reshape", n.Write(g => g.Cast(n.Value(input), DType.Int64)), n.Onnx.Vector(1))
        : n.Onnx.Vector(otherwise);

    /// <summary>Each number beside all bins: its weight where they are equal, and the sum over the numbers.</summary>
    private static void Bins(NodeExport n, Bincount op)
    {
        string numbers = n.In(0);
        string padded = n.Onnx.Add("Concat", [n.Onnx.Add("Reshape", numbers, n.Onnx.Vector(-1)), n.Onnx.Vector(op.MinLength - 1)], ("axis", 0));
        string range = n.Onnx.Add("Range", n.Onnx.Index(0), n.Onnx.Add("Add", n.Onnx.Reduce("ReduceMax", padded, [0], keepDims: false), n.Onnx.Index(1)), n.Onnx.Index(1));
        string equal = n.Onnx.Cast(n.Onnx.Add("Equal", n.Onnx.Unsqueeze(numbers, -1), range), n.DType);
        string weights = n.Onnx.Unsqueeze(n.In(1), -1);
        n.Out(n.Onnx.Reduce("ReduceSum", n.Onnx.Add("Mul", equal, weights), [n.Value(0).Rank - 1], keepDims: false));
    }

    /// <summary>The rows of segments that there are, scattered onto rows of the value that a segment without rows has.</summary>
    private static void Segments(NodeExport n, SegmentReduce op)
    {
        string ids = n.In(1);
        string count = op.CountsDifferent
            ? n.Onnx.Add("Shape", n.Onnx.AddAll("Unique", 4, [ids])[0])
            : n.Onnx.Add("Add", n.Onnx.Reduce("ReduceMax", n.Onnx.Add("Concat", [ids, n.Onnx.Vector(-1)], ("axis", 0)), [0], keepDims: true), n.Onnx.Vector(1));
        string inside = n.Onnx.Add("And", n.Onnx.Add("GreaterOrEqual", ids, n.Onnx.Index(0)), n.Onnx.Add("Less", ids, count));
        string rows = n.Onnx.Add("Compress", [n.In(0), inside], ("axis", 0));
        string places = n.Onnx.Unsqueeze(n.Onnx.Add("Compress", [ids, inside], ("axis", 0)), 1);
        int rank = n.Value(0).Rank;
        string shape = rank == 1 ? count : n.Onnx.Add("Concat", [count, n.Sizes(new SymbolicShape(n.Value(0).Shape.Skip(1)))], ("axis", 0));
        string none = n.Onnx.Add("Expand", n.Onnx.Scalar(op.Start, n.DType), shape);
        string neutral = n.Onnx.Add("Expand", n.Onnx.Scalar(Neutral(op.Reduction, n.DType), n.DType), shape);
        string met = n.Onnx.Add("ScatterND", [neutral, places, rows], ("reduction", op.Reduction.ToString().ToLowerInvariant()));

        // Which segments have rows: ones scattered onto zeros.
        string ones = n.Onnx.Add("Expand", n.Onnx.Scalar(1, n.DType), n.Onnx.Add("Shape", rows));
        string marked = n.Onnx.Add("ScatterND", n.Onnx.Add("Expand", n.Onnx.Scalar(0, n.DType), shape), places, ones);
        n.Out(n.Onnx.Add("Where", n.Onnx.Cast(marked, DType.Bool), met, none));
    }

    private static double Neutral(ScatterReduction reduction, DType type) => reduction switch
    {
        ScatterReduction.Mul => 1,
        ScatterReduction.Max => type.IsFloating() ? double.NegativeInfinity : type == DType.Int32 ? int.MinValue : long.MinValue,
        ScatterReduction.Min => type.IsFloating() ? double.PositiveInfinity : type == DType.Int32 ? int.MaxValue : long.MaxValue,
        _ => 0,
    };
}
