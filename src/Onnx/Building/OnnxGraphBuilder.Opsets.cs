using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Building;

// Operators whose inputs and attributes changed from one operator set to another.
internal sealed partial class OnnxGraphBuilder
{
    /// <summary>A reduction. From opset 18 the axes are an input, before an attribute; ReduceSum has the input since 13.</summary>
    public string Reduce(string op, string x, IReadOnlyList<int> axes, bool keepDims)
    {
        bool input = Opset >= 18 || op == "ReduceSum";
        if (axes.Count == 0)
        {
            // No axes means all of them, unless they are an input and the node says otherwise.
            return input ? Add(op, [x], ("keepdims", keepDims), ("noop_with_empty_axes", true)) : Add("Identity", x);
        }

        return input
            ? Add(op, [x, Vector(axes.Select(a => (long)a))], ("keepdims", keepDims))
            : Add(op, [x], ("axes", axes), ("keepdims", keepDims));
    }

    /// <summary>Axes of size 1 removed.</summary>
    public string Squeeze(string x, params long[] axes) => Add("Squeeze", x, Vector(axes));

    /// <summary>Axes of size 1 inserted.</summary>
    public string Unsqueeze(string x, params long[] axes) => Add("Unsqueeze", x, Vector(axes));

    /// <summary>The size of one axis as a vector of one int64. From opset 15 Shape takes a range of axes.</summary>
    public string SizeOf(string x, int axis) => Once(x, $"S{axis}", () => Opset >= 15
        ? Add("Shape", [x], ("start", axis), ("end", axis + 1))
        : Slice(Once(x, "S", () => Add("Shape", x)), axis, axis + 1, 0));

    /// <summary>A slice along one axis.</summary>
    public string Slice(string x, long start, long end, int axis, long step = 1) =>
        Add("Slice", x, Vector(start), Vector(end), Vector(axis), step == 1 ? null : Vector(step));

    /// <summary>Pieces along an axis.</summary>
    public string[] Split(string x, int axis, string sizes, int count) => AddAll("Split", count, [x, sizes], ("axis", axis));

    /// <summary>The largest of numbers no smaller than low and no larger than high; infinite bounds are left out.</summary>
    public string Clip(string x, double low, double high, DType type) => Add(
        "Clip",
        x,
        double.IsNegativeInfinity(low) ? null : Scalar(low, type),
        double.IsPositiveInfinity(high) ? null : Scalar(high, type));
}
