using KerasCompat.Runtime;
using Range = KerasCompat.Runtime.Range;

namespace KerasCompat.Onnx.Export;

/// <summary>Operators that make values of sizes.</summary>
internal static class CreationExport
{
    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<ConstantOfShape>((n, op) => n.Out(Full(n, op.Shape, op.Value, op.To))),
        OnnxEntry.Of<EyeLike>((n, op) =>
        {
            string zeros = Full(n, new SymbolicShape(op.Rows, op.Columns), 0, DType.Float32);
            n.Out(n.Onnx.Cast(n.Onnx.Add("EyeLike", [zeros], ("k", op.Diagonal)), op.To));
        }),
        OnnxEntry.Of<Range>(Range),
        OnnxEntry.Of<ShapeOf>((n, _) => n.Out(n.Sizes(n.Value(0).Shape))),
        OnnxEntry.Of<SizeOp>((n, _) => n.Out(n.Onnx.Add("Size", n.In(0, n.Order(0))))),
    ];

    private static string Full(NodeExport n, SymbolicShape shape, double value, DType type) =>
        n.Onnx.Add("ConstantOfShape", [n.Sizes(shape)], ("value", Tensor.Scalar(value).Cast(type).Reshape(new Shape(1))));

    /// <summary>Counted in whole numbers, so that no rounding changes how many there are.</summary>
    private static void Range(NodeExport n, Range op)
    {
        string count = n.Onnx.Squeeze(n.Graph.Size(op.Count), 0);
        string counted = n.Onnx.Add("Range", n.Onnx.Index(0), count, n.Onnx.Index(1));
        bool whole = op.Start == Math.Floor(op.Start) && op.Step == Math.Floor(op.Step);
        DType type = whole ? DType.Int64 : op.To;
        string numbers = n.Onnx.Cast(counted, type);
        numbers = type == DType.Int64 && op.To == DType.Int64 ? counted : numbers;
        numbers = op.Step == 1 ? numbers : n.Onnx.Add("Mul", numbers, n.Onnx.Scalar(op.Step, type));
        numbers = op.Start == 0 ? numbers : n.Onnx.Add("Add", numbers, n.Onnx.Scalar(op.Start, type));
        n.Out(type == op.To ? numbers : n.Onnx.Cast(numbers, op.To));
    }
}
