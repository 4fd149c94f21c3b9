using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>
/// Resizing where ONNX's Resize differs from TensorFlow: by the weights that this library's own executor uses, as two matrix products.
/// </summary>
internal static class ImageDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries => [DecompositionEntry.Of<Resize>(Resize)];

    private static Value? Resize(Decomposition d, Resize op)
    {
        SymbolicShape x = d[0].Shape;
        bool native = op.Interpolation is Interpolation.Nearest or Interpolation.Bilinear && !op.Antialias;
        int?[] sizes = [x[1].ValueOrNull, x[2].ValueOrNull, op.Height.ValueOrNull, op.Width.ValueOrNull];
        if (sizes is not [{ } fromHeight, { } fromWidth, { } height, { } width])
        {
            return native ? null : d.Refuse($"Resize with {op.Interpolation} of images whose size a call decides", "a known size, or nearest or bilinear", "fix the size")![0];
        }

        bool whole = height % fromHeight == 0 && width % fromWidth == 0;
        if (op.Interpolation == Interpolation.Nearest)
        {
            return whole && d.DType == DType.Float32 ? null : d.G.Gather(d.G.Gather(d[0], Places(fromHeight, height), 1), Places(fromWidth, width), 2);
        }

        if (native && d.DType == DType.Float32)
        {
            return null;
        }

        GraphBuilder g = d.G;
        Value rows = g.Einsum("oh,bhwc->bowc", Weights(fromHeight, height), d[0]);
        return g.Einsum("ow,bhwc->bhoc", Weights(fromWidth, width), rows);

        Value Places(int from, int to) => d.G.Vector(ResizeAxis.Nearest(from, to, op.HalfPixelCenters).Select(i => (long)i));

        Value Weights(int from, int to)
        {
            ResizeAxis axis = ResizeAxis.Of(from, to, op.Interpolation, op.Antialias, op.HalfPixelCenters);
            var matrix = new double[to * from];
            for (int i = 0; i < to; i++)
            {
                axis.Weights.AsSpan(i * axis.Taps, axis.Taps).CopyTo(matrix.AsSpan((i * from) + axis.Starts[i]));
            }

            return d.G.Constant(Tensor.From(matrix, to, from).Cast(d.DType));
        }
    }
}
