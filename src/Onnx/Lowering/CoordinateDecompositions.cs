using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Sampling at coordinates: each corner of the cell around a point is gathered and weighed.</summary>
internal static class CoordinateDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries => [DecompositionEntry.Of<MapCoordinates>(Sample)];

    private static Value? Sample(Decomposition d, MapCoordinates op)
    {
        GraphBuilder g = d.G;
        if (!d[0].Shape.IsConstant)
        {
            return d.Refuse("sampling at coordinates of an image whose size a call decides", "a known size", "fix the sizes")![0];
        }

        int[] sizes = [.. d[0].Shape.Select(s => s.Value)];
        int[] strides = d[0].Shape.Evaluate(new Dictionary<string, int>()).Strides();
        Value flat = g.Reshape(d[0], new SymbolicShape(d[0].Shape.ElementCount));
        Value[] at = [.. Enumerable.Range(0, sizes.Length).Select(axis => g.Squeeze(g.Slice(d[1], 0, axis, axis + 1), 0))];
        Value[] floors = [.. at.Select(a => op.Linear ? g.Floor(a) : RoundedAway(g, a))];
        Value? sum = null;
        for (int corner = 0; corner < (op.Linear ? 1 << sizes.Length : 1); corner++)
        {
            Value? weight = null, inside = null, place = null;
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                bool upper = (corner >> axis & 1) != 0;
                Value index = g.Cast(g.Maximum(g.Minimum(floors[axis], 1e9), -1e9), DType.Int64);
                index = upper ? g.Add(index, 1) : index;
                if (op.FillMode == FillMode.Constant)
                {
                    Value within = g.And(g.GreaterEqual(index, 0), g.Less(index, sizes[axis]));
                    inside = inside is null ? within : g.And(inside, within);
                }

                Value part = g.Mul(Folded(g, index, sizes[axis], op.FillMode), strides[axis]);
                place = place is null ? part : g.Add(place, part);
                if (op.Linear)
                {
                    Value fraction = g.Sub(at[axis], floors[axis]);
                    Value share = upper ? fraction : g.Sub(d.Scalar(1), fraction);
                    weight = weight is null ? share : g.Mul(weight, share);
                }
            }

            Value value = g.Gather(flat, place!);
            value = inside is null ? value : g.Where(inside, value, d.Scalar(op.FillValue));
            value = weight is null ? value : g.Where(g.Equal(weight, 0), d.Scalar(0), g.Mul(weight, value));
            sum = sum is null ? value : g.Add(sum, value);
        }

        return sum;
    }

    private static Value RoundedAway(GraphBuilder g, Value x) => g.Mul(g.Sign(x), g.Floor(g.Add(g.Abs(x), 0.5)));

    /// <summary>The place inside the axis that an index stands for.</summary>
    private static Value Folded(GraphBuilder g, Value index, int size, FillMode mode)
    {
        switch (mode)
        {
            case FillMode.Wrap:
                return g.Apply(new Mod(), index, g.Scalar(size, DType.Int64));
            case FillMode.Mirror when size > 1:
                Value around = g.Apply(new Mod(), g.Add(index, size - 1), g.Scalar(2 * (size - 1), DType.Int64));
                return g.Abs(g.Sub(around, size - 1));
            case FillMode.Reflect:
                Value twice = g.Apply(new Mod(), index, g.Scalar(2 * size, DType.Int64));
                return g.Minimum(twice, g.Sub(g.Scalar((2 * size) - 1, DType.Int64), twice));
            default:
                return g.Minimum(g.Maximum(index, 0), size - 1);
        }
    }
}
