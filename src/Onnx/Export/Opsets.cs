using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Operators that came to ONNX after the oldest operator set written, and that nothing older can say.</summary>
internal static class Opsets
{
    /// <summary>The operator set an operator needs; 0 where any will do.</summary>
    public static int NeededFor(Op op) => op switch
    {
        ScatterND { Reduction: var reduction } => NeededFor(reduction),
        ScatterElements { Reduction: var reduction } => NeededFor(reduction),
        BitwiseAnd or BitwiseOr or BitwiseXor or BitwiseNot => 18,
        BitCast or NextAfter => 26,
        _ => 0,
    };

    /// <summary>The operator set a graph needs; 0 where any will do.</summary>
    public static int NeededFor(Graph graph) => graph.Nodes.Select(n => n.Op is Scan scan ? NeededFor(scan.Body) : NeededFor(n.Op)).Append(0).Max();

    private static int NeededFor(ScatterReduction reduction) => reduction switch
    {
        ScatterReduction.None => 0,
        ScatterReduction.Add or ScatterReduction.Mul => 16,
        _ => 18,
    };
}
