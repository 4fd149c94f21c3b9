using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>
/// Convolutions and means of windows in float64, which ONNX has and ONNX Runtime has not: one product for each place of the window, over
/// all windows at once.
/// </summary>
internal static class DoubleWindowDecompositions
{
    /// <summary>What one place of the window adds: the numbers that all windows see there, and its place in the kernel.</summary>
    private delegate Value Tap(Value seen, int[] place);

    public static Value? Conv(Decomposition d, Conv op)
    {
        Value kernel = d[1];
        int groups = op.Groups, channels = kernel.Shape[-2].Value, filters = kernel.Shape[-1].Value;
        return d.DType != DType.Float64 ? null : Finish(d, op.Activation, Sum(d, d[0], op.Strides, op.Dilations, op.Padding, WindowOf(kernel), (seen, place) =>
        {
            GraphBuilder g = d.G;
            Value weights = At(g, kernel, place);
            if (groups == 1)
            {
                return g.MatMul(seen, weights);
            }

            // One row of channels for each group, which its own filters see.
            Dim[] outer = [.. seen.Shape.SkipLast(1)];
            Value rows = g.Reshape(seen, new SymbolicShape([.. outer, groups, 1, channels]));
            Value own = g.Transpose(g.Reshape(weights, channels, groups, filters / groups), [1, 0, 2]);
            return g.Reshape(g.MatMul(rows, own), new SymbolicShape([.. outer, filters]));
        }));
    }

    public static Value? DepthwiseConv(Decomposition d, DepthwiseConv op)
    {
        GraphBuilder g = d.G;
        return d.DType != DType.Float64 ? null : Finish(d, op.Activation, Sum(d, d[0], op.Strides, op.Dilations, op.Padding, WindowOf(d[1]), (seen, place) =>
        {
            Value products = g.Mul(g.ExpandDims(seen, -1), At(g, d[1], place));
            return g.Reshape(products, new SymbolicShape([.. seen.Shape.SkipLast(1), products.Shape[-1] * products.Shape[-2]]));
        }));
    }

    /// <summary>A convolution step by step, with the kernel turned round, over an input with zeros put between its steps.</summary>
    public static Value? ConvTranspose(Decomposition d, ConvTranspose op)
    {
        if (d.DType != DType.Float64)
        {
            return null;
        }

        GraphBuilder g = d.G;
        Value x = d[0];
        int[] size = WindowOf(d[1]), none = [.. size.Select(_ => 0)];
        int[] window = [.. size.Select((s, i) => ((s - 1) * op.Dilations[i]) + 1)];
        for (int axis = 1; axis <= size.Length; axis++)
        {
            Value spread = g.ExpandDims(x, axis + 1);
            int[] behind = [.. Enumerable.Repeat(0, spread.Rank)];
            behind[axis + 1] = op.Strides[axis - 1] - 1;
            x = g.Reshape(g.Pad(spread, [.. behind.Select(_ => 0)], [.. behind]), x.Shape.With(axis, x.Shape[axis] * op.Strides[axis - 1]));
        }

        int[] before = [.. window.Select((w, i) => w - 1 - op.Crop[i])], after = [.. none.Select((_, i) => op.Extra[i] + op.Crop[i])];
        x = g.Pad(x, [0, .. before, 0], [0, .. after, 0]);
        EquatableList<int> ones = EquatableList.Repeat(1, size.Length);
        return Finish(d, op.Activation, Sum(d, x, ones, op.Dilations, Padding.Valid, size, (seen, place) =>
            g.MatMul(seen, g.Transpose(At(g, d[1], [.. place.Select((p, i) => size[i] - 1 - p)]), [1, 0]))));
    }

    public static Value? AveragePool(Decomposition d, AveragePool op)
    {
        if (d.DType != DType.Float64)
        {
            return null;
        }

        Value sum = Sums(d[0]);
        return sum == d.Node.Outputs[0] ? sum
            : op.CountsPadding || op.Padding.Mode == PaddingMode.Valid ? d.G.Div(sum, op.Size.Aggregate(1, (a, b) => a * b))
            : d.G.Div(sum, Sums(d.G.Full(d[0].Shape, 1, DType.Float64)));

        Value Sums(Value x) => Sum(d, x, op.Strides, EquatableList.Repeat(1, op.Size.Count), op.Padding, op.Size, (seen, _) => seen);
    }

    private static int[] WindowOf(Value kernel) => [.. kernel.Shape.SkipLast(2).Select(s => s.Value)];

    /// <summary>The kernel's matrix at a place of the window.</summary>
    private static Value At(GraphBuilder g, Value kernel, int[] place) => place.Aggregate(kernel, (k, at) => g.Select(k, 0, at));

    /// <summary>The sum over the places of the window; the node's own result, after a refusal, where a call decides how many zeros there are at the edges.</summary>
    private static Value Sum(
        Decomposition d, Value x, IReadOnlyList<int> strides, IReadOnlyList<int> dilations, Padding padding, IReadOnlyList<int> size, Tap tap)
    {
        GraphBuilder g = d.G;
        int[] axes = [.. Enumerable.Range(1, size.Count)];
        if (axes.Any(a => x.Shape[a].ValueOrNull is null && strides[a - 1] != 1))
        {
            d.Refuse($"operator {d.Node.Op.Name} of float64 with strides over axes whose sizes a call decides", "known sizes", "fix the sizes");
            return d.Node.Outputs[0];
        }

        int[] window = [.. size.Select((s, i) => ((s - 1) * dilations[i]) + 1)], before = new int[size.Count], after = new int[size.Count];
        var count = new Dim[size.Count];
        for (int i = 0; i < size.Count; i++)
        {
            Dim length = x.Shape[i + 1];
            before[i] = padding.Before(i, length.ValueOrNull ?? window[i], window[i], strides[i]);
            count[i] = padding.Windows(i, length, window[i], strides[i]);
            after[i] = padding.Mode switch
            {
                PaddingMode.Explicit => padding.End![i],
                PaddingMode.Same => length.ValueOrNull is { } known ? Math.Max(((count[i].Value - 1) * strides[i]) + window[i] - before[i] - known, 0) : window[i] - 1 - before[i],
                _ => 0,
            };
        }

        Value padded = g.Pad(x, [0, .. before, 0], [0, .. after, 0]), sum = null!;
        foreach (int[] place in Places(size))
        {
            int[] starts = [.. place.Select((p, i) => p * dilations[i])];
            var ends = new SymbolicShape(starts.Select((start, i) => start + ((count[i] - 1) * strides[i]) + 1));
            Value part = tap(g.Slice(padded, axes, starts, ends, [.. strides]), place);
            sum = sum is null ? part : g.Add(sum, part);
        }

        return sum;
    }

    private static IEnumerable<int[]> Places(IReadOnlyList<int> size) => size.Aggregate(
        (IEnumerable<int[]>)[[]], (places, length) => places.SelectMany(p => Enumerable.Range(0, length).Select(i => (int[])[.. p, i])));

    /// <summary>Bias, residual and activation.</summary>
    private static Value Finish(Decomposition d, Op? activation, Value sum)
    {
        if (sum == d.Node.Outputs[0])
        {
            return sum;
        }

        for (int input = 2; input < d.Node.Inputs.Count; input++)
        {
            sum = d.Optional(input) is { } more ? d.G.Add(sum, more) : sum;
        }

        return activation is null ? sum : d.G.Apply(activation, sum);
    }
}
