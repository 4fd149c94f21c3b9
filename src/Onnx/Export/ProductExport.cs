using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Matrix products.</summary>
internal static class ProductExport
{
    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<MatMul>((n, _) => n.Out(n.Onnx.Add("MatMul", n.All()))),
        OnnxEntry.Of<FusedMatMul>((n, op) => n.Out(Fused(n, op))),
        OnnxEntry.Of<Det>((n, _) => n.Out(n.Onnx.Add("Det", n.In(0)))),
        OnnxEntry.Of<Einsum>((n, op) => n.Out(n.Onnx.Add("Einsum", n.All(), ("equation", op.Equation)))),
    ];

    /// <summary>Gemm for a plain matrix with a bias, else MatMul and Add.</summary>
    private static string Fused(NodeExport n, FusedMatMul op)
    {
        bool gemm = n.Value(0).Rank == 2 && n.Value(1).Rank == 2 && n.Has(2);
        string sum = gemm ? n.Onnx.Add("Gemm", n.In(0), n.In(1), n.In(2)) : n.Onnx.Add("MatMul", n.In(0), n.In(1));
        sum = !gemm && n.Has(2) ? n.Onnx.Add("Add", sum, n.In(2)) : sum;
        sum = n.Has(3) ? n.Onnx.Add("Add", sum, n.In(3)) : sum;
        return n.Activated(sum, op.Activation, AxisOrder.Own(n.Result.Rank));
    }
}
