using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Linear maps that ONNX lacks, or has in another form.</summary>
internal static class LinearDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.OfAll<DFT>(Fourier),
        DecompositionEntry.OfAll<SlogDet>((d, _) =>
        {
            Value det = d.G.Apply(new Det(), d[0]);
            return [d.G.Sign(det), d.G.Log(d.G.Abs(det))];
        }),
    ];

    /// <summary>Products with matrices of cosines and sines: exact for any length, and quick for the lengths of windows.</summary>
    private static IReadOnlyList<Value>? Fourier(Decomposition d, DFT op)
    {
        GraphBuilder g = d.G;
        if (d[0].Shape[-1].ValueOrNull is not { } size)
        {
            return d.Refuse("a Fourier transform of an axis whose size a call decides", "a known size", "fix the size");
        }

        Value cosines = Matrix(Math.Cos), sines = Matrix(op.Inverse ? Math.Sin : angle => -Math.Sin(angle));
        Value real = Product(d[0], cosines), imaginary = Product(d[0], sines);
        if (d.Optional(1) is { } part)
        {
            real = g.Sub(real, Product(part, sines));
            imaginary = g.Add(imaginary, Product(part, cosines));
        }

        return [real, imaginary];

        Value Product(Value x, Value matrix) => x.Rank == 1 ? g.Reshape(g.MatMul(g.ExpandDims(x, 0), matrix), x.Shape) : g.MatMul(x, matrix);

        Value Matrix(Func<double, double> function)
        {
            var elements = new double[size * size];
            for (int i = 0; i < elements.Length; i++)
            {
                long turn = (long)(i / size) * (i % size) % size;
                elements[i] = function(2 * Math.PI * turn / size) / (op.Inverse ? size : 1);
            }

            return g.Constant(Tensor.From(elements, size, size).Cast(d.DType));
        }
    }
}
