using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>Images at another size, where ONNX's Resize gives TensorFlow's numbers.</summary>
internal static class ImageExport
{
    public static IEnumerable<OnnxEntry> Entries => [OnnxEntry.Of<Resize>(Resize)];

    private static void Resize(NodeExport n, Resize op)
    {
        int[] order = AxisOrder.ChannelsFirst(4);
        SymbolicShape shape = n.Result.Shape;
        string sizes = n.Sizes(new SymbolicShape(order.Select(a => shape[a])));
        (string, object)[] attributes = op.Interpolation == Interpolation.Nearest
            ? [("mode", "nearest"), .. op.HalfPixelCenters ? Rounded : Floored]
            : [("mode", "linear"), ("coordinate_transformation_mode", op.HalfPixelCenters ? "half_pixel" : "asymmetric")];
        n.Out(n.Onnx.Add("Resize", [n.In(0, order), null, null, sizes], attributes), order);
    }

    /// <summary>Pixel <c>⌊(i + ½) · scale⌋</c>.</summary>
    private static readonly (string, object)[] Rounded = [("coordinate_transformation_mode", "half_pixel"), ("nearest_mode", "round_prefer_ceil")];

    /// <summary>Pixel <c>⌊i · scale⌋</c>.</summary>
    private static readonly (string, object)[] Floored = [("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor")];
}
