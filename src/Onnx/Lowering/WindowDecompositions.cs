using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Windows that ONNX lacks.</summary>
internal static class WindowDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.Of<AdaptivePool>(Adaptive),
        DecompositionEntry.Of<ExtractPatches>(Patches),
        DecompositionEntry.Of<Conv>(DoubleWindowDecompositions.Conv),
        DecompositionEntry.Of<DepthwiseConv>(DoubleWindowDecompositions.DepthwiseConv),
        DecompositionEntry.Of<ConvTranspose>(DoubleWindowDecompositions.ConvTranspose),
        DecompositionEntry.Of<AveragePool>(DoubleWindowDecompositions.AveragePool),
        DecompositionEntry.Of<MaxPool>((d, op) => d.DType.IsInteger() ? d.G.Cast(d.G.MaxPool(d.G.Cast(d[0], DType.Float64), op.Size, op.Strides, op.Padding), d.DType) : null),
    ];

    /// <summary>One axis after the other: both the mean and the largest of a box are those of its rows' means and largest, of equal length each.</summary>
    private static Value? Adaptive(Decomposition d, AdaptivePool op)
    {
        GraphBuilder g = d.G;
        SymbolicShape x = d[0].Shape;
        int[]? sizes = Known(x, op.OutputSize.Count);
        if (sizes is null)
        {
            return d.Refuse($"operator {op.Name} over axes whose sizes a call decides", "known sizes", "fix the sizes")![0];
        }

        if (sizes.Zip(op.OutputSize, (n, o) => n % o == 0).All(b => b))
        {
            EquatableList<int> window = [.. sizes.Zip(op.OutputSize, (n, o) => n / o)];
            return op.Kind == PoolKind.Max
                ? g.MaxPool(d[0], window, window, Padding.Valid)
                : g.Apply(new AveragePool(window, window, Padding.Valid, false), d[0]);
        }

        Value y = d[0];
        for (int i = 0; i < sizes.Length; i++)
        {
            int axis = i + 1, size = sizes[i], count = op.OutputSize[i];
            y = g.Concat([.. Enumerable.Range(0, count).Select(w =>
            {
                Value part = g.Slice(y, axis, w * size / count, (((w + 1) * size) + count - 1) / count);
                return op.Kind == PoolKind.Max ? g.ReduceMax(part, [axis], keepDims: true) : g.ReduceMean(part, [axis], keepDims: true);
            })], axis);
        }

        return y;
    }

    private static int[]? Known(SymbolicShape x, int axes)
    {
        int?[] sizes = [.. x.Skip(1).Take(axes).Select(s => s.ValueOrNull)];
        return sizes.All(s => s is not null) ? [.. sizes.Select(s => s!.Value)] : null;
    }

    /// <summary>A convolution whose filters each pick one place of the window.</summary>
    private static Value Patches(Decomposition d, ExtractPatches op)
    {
        int channels = d[0].Shape[-1].Value, taps = op.Size.Aggregate(1, (a, b) => a * b);
        Value kernel = d.G.Reshape(d.G.Eye(taps * channels), new SymbolicShape([.. op.Size.Select(s => (Dim)s), channels, taps * channels]));
        Value x = d.G.Cast(d[0], DType.Float32);
        return d.G.Cast(d.G.Apply(new Conv(op.Strides, op.Dilations, op.Padding), x, kernel), d.DType);
    }
}
