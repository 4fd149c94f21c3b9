using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Activations that only newer operator sets have, or have for float32 alone.</summary>
internal static class ActivationDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [

        // ONNX Runtime makes QuickGelu of a product with a sigmoid, and then has none for float64.
        DecompositionEntry.Of<Swish>((d, _) => d.DType == DType.Float64 ? d.G.Div(d[0], d.G.Add(d.G.Exp(d.G.Neg(d[0])), 1)) : d.G.Mul(d[0], d.G.Sigmoid(d[0]))),
        DecompositionEntry.Of<Celu>((d, op) => Single(d) ? null : d.G.Mul(d.G.Elu(d.G.Div(d[0], op.Alpha)), op.Alpha)),
        DecompositionEntry.Of<HardSwish>((d, _) => d.Opset >= 14 && Single(d) ? null : d.G.Mul(d[0], d.G.HardSigmoid(d[0], 1.0 / 6, 0.5))),
        DecompositionEntry.Of<Mish>((d, _) => d.Opset >= 18 && Single(d) ? null : d.G.Mul(d[0], d.G.Tanh(d.G.Softplus(d[0])))),
        DecompositionEntry.Of<Gelu>((d, op) => d.Opset >= 20 && Single(d) ? null : Gelu(d, op.Approximate)),
        DecompositionEntry.Of<Relu>((d, _) => d.DType == DType.Int64 || (d.DType == DType.Int32 && d.Opset < 14) ? d.G.Maximum(d[0], d.Scalar(0)) : null),
    ];

    private static bool Single(Decomposition d) => d.DType == DType.Float32;

    private static Value Gelu(Decomposition d, bool approximate)
    {
        GraphBuilder g = d.G;
        Value x = d[0];
        Value inner = approximate
            ? g.Tanh(g.Mul(g.Add(x, g.Mul(g.Mul(g.Mul(x, x), x), 0.044715)), Math.Sqrt(2 / Math.PI)))
            : g.Erf(g.Mul(x, Math.Sqrt(0.5)));
        return g.Mul(g.Mul(x, 0.5), g.Add(inner, 1));
    }
}
