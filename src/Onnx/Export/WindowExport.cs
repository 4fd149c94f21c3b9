using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Convolutions and poolings: ONNX has the channels first.</summary>
internal static class WindowExport
{
    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<Conv>((n, op) => Convolve(n, op.Strides, op.Dilations, op.Padding, op.Groups, KernelOf(n), op.Activation)),
        OnnxEntry.Of<DepthwiseConv>((n, op) => Convolve(n, op.Strides, op.Dilations, op.Padding, n.Value(1).Shape[-2].Value, DepthwiseKernelOf(n), op.Activation)),
        OnnxEntry.Of<ConvTranspose>(Transposed),
        OnnxEntry.Of<MaxPool>((n, op) => Pool(n, op, "MaxPool")),
        OnnxEntry.Of<AveragePool>((n, op) => Pool(n, op, "AveragePool", ("count_include_pad", op.CountsPadding))),
    ];

    /// <summary>(window…, channels, filters) as (filters, channels, window…).</summary>
    private static string KernelOf(NodeExport n)
    {
        int rank = n.Value(1).Rank;
        return n.In(1, [rank - 1, rank - 2, .. Enumerable.Range(0, rank - 2)]);
    }

    /// <summary>(window…, channels, multiplier) as (channels · multiplier, 1, window…).</summary>
    private static string DepthwiseKernelOf(NodeExport n) => n.Write(g =>
    {
        Value kernel = n.Value(1);
        int rank = kernel.Rank;
        Value turned = g.Transpose(kernel, [rank - 2, rank - 1, .. Enumerable.Range(0, rank - 2)]);
        return g.Reshape(turned, new SymbolicShape([kernel.Shape[-1] * kernel.Shape[-2], 1, .. kernel.Shape.Take(rank - 2)]));
    });

    private static void Convolve(NodeExport n, EquatableList<int> strides, EquatableList<int> dilations, Padding padding, int groups, string kernel, Op? activation)
    {
        int[] order = AxisOrder.ChannelsFirst(n.Result.Rank);
        int[] size = [.. n.Value(1).Shape.Take(n.Result.Rank - 2).Select(d => d.Value)];
        string sum = n.Onnx.Add(
            "Conv",
            [n.In(0, order), kernel, n.Optional(2)],
            [("kernel_shape", size), ("strides", strides), ("dilations", dilations), ("group", groups), .. Pads(n, padding, size, strides, dilations)]);
        sum = n.Has(3) ? n.Onnx.Add("Add", sum, n.In(3, order)) : sum;
        n.Out(n.Activated(sum, activation, order), order);
    }

    private static void Pool(NodeExport n, PoolOp op, string name, params (string, object)[] attributes)
    {
        int[] order = AxisOrder.ChannelsFirst(n.Result.Rank);
        int[] ones = [.. Enumerable.Repeat(1, op.Size.Count)];
        string x = n.In(0, order);
        x = op is MaxPool && n.Value(0).Producer is { Op: Pad { Mode: PadMode.Constant } } padding && !IsNotNegative(padding.Inputs[0]!) ? n.Onnx.Add("Max", x) : x;
        n.Out(n.Onnx.Add(name, [x], [("kernel_shape", op.Size), ("strides", op.Strides), .. Pads(n, op.Padding, op.Size, op.Strides, ones), .. attributes]), order);
    }

    /// <summary>
    /// True where zeros around a value are as good as nothing when the largest of each window is taken. Where they are not, a Max of one
    /// input must stand between Pad and MaxPool: ONNX Runtime and other optimizers move the pads into MaxPool, for which they are minus
    /// infinity.
    /// </summary>
    private static bool IsNotNegative(Value value) => value.Producer?.Op switch
    {
        Relu or Sigmoid or Clip { Low: >= 0 } => true,
        Conv { Activation: Relu or Sigmoid or Clip { Low: >= 0 } } => true,
        DepthwiseConv { Activation: Relu or Sigmoid or Clip { Low: >= 0 } } => true,
        _ => false,
    };

    /// <summary>
    /// The zeros before and after each axis. They follow from the sizes, or from the window alone where windows lie step by step; only
    /// where a call decides how many there are is ONNX told to find them.
    /// </summary>
    private static (string, object)[] Pads(NodeExport n, Padding padding, IReadOnlyList<int> size, IReadOnlyList<int> strides, IReadOnlyList<int> dilations)
    {
        if (padding.Mode == PaddingMode.Valid)
        {
            return [];
        }

        SymbolicShape x = n.Graph.Known(n.Value(0).Shape);
        long[] pads = new long[2 * size.Count];
        for (int i = 0; i < size.Count; i++)
        {
            int window = ((size[i] - 1) * dilations[i]) + 1;
            if (padding.Mode == PaddingMode.Same && x[i + 1].ValueOrNull is null && strides[i] != 1)
            {
                return [("auto_pad", "SAME_UPPER")];
            }

            int length = x[i + 1].ValueOrNull ?? window;
            int all = Math.Max((((length + strides[i] - 1) / strides[i]) - 1) * strides[i] + window - length, 0);
            pads[i] = padding.Before(i, length, window, strides[i]);
            pads[i + size.Count] = padding.Mode switch
            {
                PaddingMode.Same => all - pads[i],
                PaddingMode.Explicit => padding.End![i],
                _ => 0,
            };
        }

        return [("pads", pads)];
    }

    private static void Transposed(NodeExport n, ConvTranspose op)
    {
        int rank = n.Result.Rank, spatial = rank - 2;
        int[] order = AxisOrder.ChannelsFirst(rank);
        int[] size = [.. n.Value(1).Shape.Take(spatial).Select(d => d.Value)];
        long[] pads = new long[2 * spatial], missing = new long[spatial];
        for (int i = 0; i < spatial; i++)
        {
            // The full result has stride · (n − 1) + window steps; stride · n + extra are kept, from crop on.
            int window = ((size[i] - 1) * op.Dilations[i]) + 1;
            int after = window - op.Strides[i] - op.Crop[i] - op.Extra[i];
            pads[i] = op.Crop[i];
            pads[i + spatial] = Math.Max(after, 0);
            missing[i] = Math.Max(-after, 0);
        }

        string kernel = n.In(1, [rank - 1, rank - 2, .. Enumerable.Range(0, spatial)]);
        (string, object)[] attributes = [("kernel_shape", size), ("strides", op.Strides), ("dilations", op.Dilations), ("pads", pads)];
        bool fits = Enumerable.Range(0, spatial).All(i => missing[i] < Math.Max(op.Strides[i], op.Dilations[i]));
        string sum = fits
            ? n.Onnx.Add("ConvTranspose", [n.In(0, order), kernel, n.Optional(2)], missing.All(m => m == 0) ? attributes : [.. attributes, ("output_padding", missing)])
            : Lengthened(n, n.Onnx.Add("ConvTranspose", [n.In(0, order), kernel], attributes), missing);
        n.Out(n.Activated(sum, op.Activation, order), order);
    }

    /// <summary>Steps that no input reaches, which ONNX would not add: zeros, then the bias.</summary>
    private static string Lengthened(NodeExport n, string sum, long[] missing)
    {
        string padded = n.Onnx.Add("Pad", sum, n.Onnx.Vector([.. Enumerable.Repeat(0L, missing.Length + 2), 0, 0, .. missing]));
        return !n.Has(2) ? padded : n.Onnx.Add("Add", padded, n.Write(g => g.Reshape(n.Value(2), new SymbolicShape([n.Value(2).Shape[0], .. missing.Select(_ => Dim.One)]))));
    }
}
