using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Normalisations that only newer operator sets have.</summary>
internal static class NormalizationDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.Of<LayerNormalization>((d, op) => d.Opset >= 17 ? null : Centred(d, op.Axes, op.Epsilon)),
        DecompositionEntry.Of<RMSNormalization>((d, op) => d.Opset >= 23 ? null : Scaled(d, d[0], Variance(d, d[0], op.Axes), op.Axes, op.Epsilon)),
        DecompositionEntry.Of<GroupNormalization>(Grouped),
        DecompositionEntry.Of<BatchNormalization>((d, op) => d[0].Rank > 1 && op.Axis is not 0 && op.Axis != -d[0].Rank ? null : Affine(d, op)),
    ];

    private static Value Centred(Decomposition d, EquatableList<int> axes, double epsilon)
    {
        Value centred = d.G.Sub(d[0], d.G.ReduceMean(d[0], axes, keepDims: true));
        return Scaled(d, centred, Variance(d, centred, axes), axes, epsilon);
    }

    private static Value Variance(Decomposition d, Value x, EquatableList<int> axes) => d.G.ReduceMean(d.G.Mul(x, x), axes, keepDims: true);

    private static Value Scaled(Decomposition d, Value x, Value variance, EquatableList<int> axes, double epsilon)
    {
        GraphBuilder g = d.G;
        int rank = x.Rank;
        HashSet<int> normalized = [.. axes.Select(a => a < 0 ? a + rank : a)];
        var scale = new SymbolicShape(Enumerable.Range(0, rank).Select(a => normalized.Contains(a) ? x.Shape[a] : Dim.One));
        Value y = g.Div(x, g.Sqrt(g.Add(variance, epsilon)));
        y = d.Optional(1) is { } gamma ? g.Mul(y, g.Reshape(gamma, scale)) : y;
        return d.Optional(2) is { } beta ? g.Add(y, g.Reshape(beta, scale)) : y;
    }

    private static Value Grouped(Decomposition d, GroupNormalization op)
    {
        GraphBuilder g = d.G;
        SymbolicShape x = d[0].Shape;
        int axis = op.Axis < 0 ? op.Axis + x.Rank : op.Axis;
        Value grouped = g.Reshape(d[0], new SymbolicShape([.. x.Take(axis), op.Groups, Dim.FloorDiv(x[axis], op.Groups), .. x.Skip(axis + 1)]));
        EquatableList<int> axes = [.. Enumerable.Range(1, x.Rank).Where(a => a != axis)];
        Value centred = g.Sub(grouped, g.ReduceMean(grouped, axes, keepDims: true));
        Value y = g.Reshape(g.Div(centred, g.Sqrt(g.Add(Variance(d, centred, axes), op.Epsilon))), x);
        var scale = new SymbolicShape(Enumerable.Range(0, x.Rank).Select(a => a == axis ? x[a] : Dim.One));
        y = d.Optional(1) is { } gamma ? g.Mul(y, g.Reshape(gamma, scale)) : y;
        return d.Optional(2) is { } beta ? g.Add(y, g.Reshape(beta, scale)) : y;
    }

    /// <summary>On the first axis ONNX has the examples.</summary>
    private static Value Affine(Decomposition d, BatchNormalization op)
    {
        GraphBuilder g = d.G;
        var shape = new SymbolicShape(Enumerable.Range(0, d[0].Rank).Select(a => a == 0 ? d[1].Shape[0] : Dim.One));
        Value inverse = g.Div(d.Optional(3) ?? g.Ones(d[2].Shape, d.DType), g.Sqrt(g.Add(d[2], op.Epsilon)));
        Value shift = g.Neg(g.Mul(d[1], inverse));
        shift = d.Optional(4) is { } beta ? g.Add(beta, shift) : shift;
        return g.Add(g.Mul(d[0], g.Reshape(inverse, shape)), g.Reshape(shift, shape));
    }
}
