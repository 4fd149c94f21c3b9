using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;
using static KerasCompat.Layers.TensorFlowFunctions;

namespace KerasCompat.Layers;

/// <summary>TensorFlow's functions on shapes and places.</summary>
internal static class TensorFlowArrays
{
    public static OperationSet Table { get; } = new()
    {
        ["__operators__.getitem"] = c => new KerasTensor(PythonSlicing.Apply(c.Graph, c.X, PythonSlicing.Keys(c.Call.Argument(1, "slice_spec"), c.Config.Place))),
        ["argsort"] = c => new KerasTensor(c.Graph.Cast(c.Graph.ArgSort(c.X, c.Int("axis", -1), IsDescending(c)), DType.Int32)),
        ["broadcast_to"] = c => new KerasTensor(c.Graph.Expand(c.X, Sizes(c, 1, "shape"))),
        ["cast"] = c => new KerasTensor(c.Graph.Cast(c.X, TypeArgument(c, 1, "dtype") ?? c.X.DType)),
        ["concat"] = As("Concatenate"),
        ["convert_to_tensor"] = c => new KerasTensor(c.Graph.Cast(c.X, TypeArgument(c, 1, "dtype") ?? c.X.DType)),
        ["einsum"] = c => new KerasTensor(c.Graph.Einsum((string)c.Call.Constant(0, "equation")!, [.. c.Positional(1).Select(o => o.AsTensor(c.Graph))])),
        ["expand_dims"] = As("ExpandDims"),
        ["eye"] = c => new KerasTensor(c.Graph.Eye(Sizes(c, 0, "num_rows")[0], c.IntOrNull("num_columns") is { } columns ? columns : null, 0, TypeArgument(c, -1, "dtype") ?? DType.Float32)),
        ["fill"] = c => new KerasTensor(c.Graph.Expand(c.Tensor(1, "value"), Sizes(c, 0, "dims"))),
        ["gather"] = c => new KerasTensor(Gather(c)),
        ["gather_nd"] = c => new KerasTensor(c.Graph.GatherND(c.X, c.Tensor(1, "indices"), c.Int("batch_dims", 0))),
        ["identity"] = c => new KerasTensor(c.X),
        ["linalg.band_part"] = c => new KerasTensor(Band(c)),
        ["linalg.diag_part"] = c => new KerasTensor(NumpyDiagonals.Diagonal(c.Graph, c.X, 0, c.X.Rank - 2, c.X.Rank - 1)),
        ["linalg.matrix_transpose"] = c => new KerasTensor(c.Graph.SwapAxes(c.X, -1, -2)),
        ["linalg.trace"] = c => new KerasTensor(c.Graph.ReduceSum(NumpyDiagonals.Diagonal(c.Graph, c.X, 0, c.X.Rank - 2, c.X.Rank - 1), [-1])),
        ["one_hot"] = c => new KerasTensor(OneHot(c)),
        ["ones"] = c => new KerasTensor(c.Graph.Ones(Sizes(c, 0, "shape"), TypeArgument(c, 1, "dtype") ?? DType.Float32)),
        ["ones_like"] = c => new KerasTensor(c.Graph.Ones(c.X.Shape, TypeArgument(c, 1, "dtype") ?? c.X.DType)),
        ["pad"] = c => new KerasTensor(Pad(c)),
        ["range"] = c => new KerasTensor(Range(c)),
        ["rank"] = As("Ndim"),
        ["repeat"] = As("Repeat"),
        ["reshape"] = c => new KerasTensor(c.Graph.Reshape(c.X, c.Graph.Cast(c.Tensor(1, "shape"), DType.Int64))),
        ["reverse"] = As("Flip"),
        ["roll"] = As("Roll"),
        ["shape"] = c => new KerasTensor(c.Graph.Cast(c.Graph.Shape(c.X), TypeArgument(c, 1, "out_type") ?? DType.Int32)),
        ["size"] = c => new KerasTensor(c.Graph.Cast(c.Graph.Size(c.X), TypeArgument(c, 1, "out_type") ?? DType.Int32)),
        ["slice"] = c => new KerasTensor(Slice(c)),
        ["sort"] = c => new KerasTensor(c.Graph.Sort(c.X, c.Int("axis", -1), IsDescending(c))),
        ["split"] = Split,
        ["squeeze"] = As("Squeeze"),
        ["stack"] = As("Stack"),
        ["stop_gradient"] = c => new KerasTensor(c.X),
        ["strided_slice"] = c => new KerasTensor(StridedSlice(c)),
        ["tensordot"] = c => NumpyProducts.TensorDot(c, Pair(c, "b", "a")),
        ["tile"] = c => new KerasTensor(c.Graph.Tile(c.X, Sizes(c, 1, "multiples"))),
        ["transpose"] = c => new KerasTensor(c.Graph.Transpose(c.X, c.Ints("perm") ?? [.. Enumerable.Range(0, c.X.Rank).Reverse()])),
        ["unstack"] = Unstack,
        ["zeros"] = c => new KerasTensor(c.Graph.Zeros(Sizes(c, 0, "shape"), TypeArgument(c, 1, "dtype") ?? DType.Float32)),
        ["zeros_like"] = c => new KerasTensor(c.Graph.Zeros(c.X.Shape, TypeArgument(c, 1, "dtype") ?? c.X.DType)),
    };

    private static bool IsDescending(OperationCall c)
    {
        c.Call.Argument(-1, "stable");
        return c.Text("direction", "ASCENDING") == "DESCENDING";
    }

    /// <summary>Parts of known places and sizes; −1 is all that is left.</summary>
    private static Value Slice(OperationCall c)
    {
        int[] begin = [.. c.Graph.ConstantInts(c.Tensor(1, "begin"))], size = [.. c.Graph.ConstantInts(c.Tensor(2, "size"))];
        IEnumerable<Dim> ends = size.Select((n, i) => n < 0 ? c.X.Shape[i] : (Dim)(begin[i] + n));
        return c.Graph.Slice(c.X, [.. Enumerable.Range(0, begin.Length)], begin, new SymbolicShape(ends));
    }

    private static Structure Unstack(OperationCall c)
    {
        c.Call.Argument(-1, "num");
        return As("Unstack")(c);
    }

    private static Value Gather(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value indices = c.Tensor(1, "indices");
        c.Call.Argument(-1, "validate_indices");
        int batch = c.Int("batch_dims", 0), axis = c.Parameter("axis") is null ? batch : c.Axis(c.X, 0);
        return batch == 0 ? g.Gather(c.X, indices, axis)
            : axis == batch ? g.GatherND(c.X, g.ExpandDims(indices, -1), batch)
            : throw new UnsupportedModelException(c.Config.Place, $"tf.gather along axis {axis} with batch_dims {batch}", "the axis after the batch axes");
    }

    /// <summary>The elements at most so many diagonals below and above the main one; −1 for all.</summary>
    private static Value Band(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        int lower = (int)(c.Call.Constant(1, "num_lower") ?? -1), upper = (int)(c.Call.Constant(2, "num_upper") ?? -1);
        Value x = lower < 0 ? c.X : g.Triu(c.X, -lower);
        return upper < 0 ? x : g.Tril(x, upper);
    }

    private static Value OneHot(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        DType type = TypeArgument(c, -1, "dtype") ?? DType.Float32;
        Value one = g.OneHot(c.X, Sizes(c, 1, "depth")[0].Value, c.Int("axis", -1), type);
        Operand? on = c.OperandOrNull(2, "on_value"), off = c.OperandOrNull(3, "off_value");
        return on is null && off is null ? one : g.Where(g.Cast(one, DType.Bool), on?.In(g, type) ?? g.Scalar(1, type), off?.In(g, type) ?? g.Scalar(0, type));
    }

    private static Value Pad(OperationCall c)
    {
        int[] widths = (c.Tensor(1, "paddings").Constant ?? throw c.Call.Fail("computed paddings", "known ones")).Cast(DType.Int32).As<int>().ToArray();
        string mode = c.Text("mode", "CONSTANT").ToUpperInvariant();
        PadMode fill = mode switch
        {
            "CONSTANT" => PadMode.Constant,
            "REFLECT" => PadMode.Reflect,
            "SYMMETRIC" => PadMode.Symmetric,
            _ => throw c.Config.Wrong("mode", mode, "CONSTANT, REFLECT or SYMMETRIC"),
        };
        return c.Graph.Pad(c.X, [.. widths.Where((_, i) => i % 2 == 0)], [.. widths.Where((_, i) => i % 2 == 1)], fill, c.Number("constant_values", 0));
    }

    private static Value Range(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        bool hasLimit = c.OperandOrNull(1, "limit") is not null;
        Operand first = c.Operand(0, "start");
        DType type = TypeArgument(c, -1, "dtype") ?? (first.Type.IsWeak && hasLimit ? c.Operand(1, "limit") : first).Type.Type;
        double step = c.OperandOrNull(2, "delta")?.Number ?? 1;
        if (first.Tensor is null && (!hasLimit || c.Operand(1, "limit").Tensor is null))
        {
            return hasLimit ? g.Range(first.Number, c.Operand(1, "limit").Number, step, type) : g.Range(0, first.Number, step, type);
        }

        Dim start = hasLimit ? Sizes(c, 0, "start")[0] : 0, limit = hasLimit ? Sizes(c, 1, "limit")[0] : Sizes(c, 0, "start")[0];
        Value steps = g.Range(Dim.CeilDiv(limit - start, (int)step), type);
        return g.Add(g.Mul(steps, step), hasLimit ? first.In(g, type) : g.Scalar(0, type));
    }

    private static Structure Split(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        c.Call.Argument(-1, "num");
        int axis = c.Axis(c.X, 0);
        JToken pieces = c.Call.Constant(1, "num_or_size_splits") ?? throw c.Call.Fail("no num_or_size_splits", "a number or sizes");
        if (pieces is not JArray sizes)
        {
            return Several(g.Split(c.X, axis, (int)pieces));
        }

        // One size may be −1: what the others leave.
        Dim known = sizes.Where(s => (int)s >= 0).Aggregate((Dim)0, (sum, s) => sum + (int)s);
        return Several(g.Split(c.X, axis, new SymbolicShape(sizes.Select(s => (int)s >= 0 ? (Dim)(int)s : c.X.Shape[axis] - known))));
    }

    /// <summary>Slices with bit masks that say which bounds are open, which axes are new, and which disappear.</summary>
    private static Value StridedSlice(OperationCall c)
    {
        int[] begin = [.. c.Graph.ConstantInts(c.Tensor(1, "begin"))], end = [.. c.Graph.ConstantInts(c.Tensor(2, "end"))];
        int[] strides = c.TensorOrNull(3, "strides") is { } given ? [.. c.Graph.ConstantInts(given)] : [.. begin.Select(_ => 1)];
        c.Call.Argument(-1, "var");
        return PythonSlicing.Apply(c.Graph, c.X, [.. begin.Select<int, SliceKey>((from, i) =>
            Bit("ellipsis_mask", i) ? new SliceKey.Ellipsis()
            : Bit("new_axis_mask", i) ? new SliceKey.NewAxis()
            : Bit("shrink_axis_mask", i) ? new SliceKey.At(from)
            : new SliceKey.Range(Bit("begin_mask", i) ? null : new SliceKey.Bound(from), Bit("end_mask", i) ? null : new SliceKey.Bound(end[i]), strides[i]))]);

        bool Bit(string mask, int i) => (c.Int(mask, 0) & (1 << i)) != 0;
    }
}
