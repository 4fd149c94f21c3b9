using KerasCompat.Runtime;
using Range = KerasCompat.Runtime.Range;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Movements that ONNX lacks.</summary>
internal static class MovementDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.Of<Repeat>(Repeat),
        DecompositionEntry.Of<Roll>(Roll),
        DecompositionEntry.Of<Pad>(Pad),
        DecompositionEntry.Of<CumProd>((d, op) => Cumulate(d, op, 1, d.G.Mul)),
        DecompositionEntry.Of<CumMax>((d, op) => Cumulate(d, op, double.NegativeInfinity, d.G.Maximum)),
        DecompositionEntry.Of<CumMin>((d, op) => Cumulate(d, op, double.PositiveInfinity, d.G.Minimum)),
        DecompositionEntry.Of<DynamicUpdateSlice>(Update),
        DecompositionEntry.Of<Trilu>((d, op) => d.Opset >= 14 ? null : Triangle(d, op)),
        DecompositionEntry.OfAll<Unique>((d, op) => d[0].DType is not DType.Int32 ? null
            : [.. d.G.ApplyAll(op, d.G.Cast(d[0], DType.Int64)).Select((r, i) => i == 0 ? d.G.Cast(r, DType.Int32) : r)]),
    ];

    private static Value Triangle(Decomposition d, Trilu op)
    {
        GraphBuilder g = d.G;
        Value first = g.ExpandDims(g.Apply(new Range(d[0].Shape[-2], op.Diagonal, 1, DType.Int64)), 1), columns = g.Apply(new Range(d[0].Shape[-1], 0, 1, DType.Int64));
        return g.Where(op.Upper ? g.GreaterEqual(columns, first) : g.LessEqual(columns, first), d[0], d.Scalar(0));
    }

    private static Value Repeat(Decomposition d, Repeat op)
    {
        int axis = op.Axis < 0 ? op.Axis + d[0].Rank : op.Axis;
        Value tiled = d.G.Apply(new Tile(new SymbolicShape(Enumerable.Range(0, d[0].Rank + 1).Select(i => (Dim)(i == axis + 1 ? op.Count : 1)))), d.G.ExpandDims(d[0], axis + 1));
        return d.G.Reshape(tiled, d.Node.Outputs[0].Shape);
    }

    private static Value? Roll(Decomposition d, Roll op)
    {
        int axis = op.Axis < 0 ? op.Axis + d[0].Rank : op.Axis;
        int shift = d[0].Shape[axis].ValueOrNull is { } size and > 0 ? ((op.Shift % size) + size) % size : op.Shift;
        return shift == 0 ? d.G.Reshape(d.G.Reshape(d[0], new SymbolicShape(d[0].Shape.ElementCount)), d[0].Shape)
            : d.G.Concat([d.G.Slice(d[0], axis, -shift), d.G.Slice(d[0], axis, 0, -shift)], axis);
    }

    /// <summary>Modes that ONNX lacks, as pieces of the value put side by side, one axis after the other.</summary>
    private static Value? Pad(Decomposition d, Pad op)
    {
        if (d.DType == DType.Bool)
        {
            return d.G.Cast(d.G.Apply(op, d.G.Cast(d[0], DType.Int32)), DType.Bool);
        }

        if (op.Mode is not (PadMode.Symmetric or PadMode.Wrap))
        {
            return null;
        }

        Value x = d[0];
        for (int axis = 0; axis < x.Rank; axis++)
        {
            if (op.Before[axis] == 0 && op.After[axis] == 0)
            {
                continue;
            }

            if (x.Shape[axis].ValueOrNull is not { } size)
            {
                return d.Refuse($"padding in mode {op.Mode} of an axis whose size a call decides", "a known size", "fix the size")![0];
            }

            IEnumerable<long> places = Enumerable.Range(-op.Before[axis], size + op.Before[axis] + op.After[axis]).Select(i => (long)(op.Mode == PadMode.Wrap ? Modulo(i, size) : Mirrored(i, size)));
            x = d.G.Gather(x, d.G.Vector(places), axis);
        }

        return x;
    }

    private static int Modulo(int i, int size) => ((i % size) + size) % size;

    private static int Mirrored(int i, int size) => Modulo(i, 2 * size) is var place && place < size ? place : (2 * size) - 1 - place;

    /// <summary>In steps of doubled width: after the last, each place has taken in all before it (W. Hillis and G. Steele).</summary>
    private static Value? Cumulate(Decomposition d, CumulativeOp op, double neutral, Func<Value, Value, Value> join)
    {
        GraphBuilder g = d.G;
        int axis = op.Axis < 0 ? op.Axis + d[0].Rank : op.Axis;
        if (d[0].Shape[axis].ValueOrNull is not { } size)
        {
            return d.Refuse($"operator {op.Name} along an axis whose size a call decides", "a known size", "fix the size")![0];
        }

        double fill = d.DType.IsFloating() || neutral == 1 ? neutral : neutral < 0 ? long.MinValue : long.MaxValue;
        Value x = op.Exclusive && size > 0 ? Shifted(d[0], 1) : d[0];
        for (int step = 1; step < size; step *= 2)
        {
            x = join(x, Shifted(x, step));
        }

        return x == d[0] ? g.Reshape(g.ExpandDims(x, 0), x.Shape) : x;

        Value Shifted(Value value, int by)
        {
            Value kept = op.Reverse ? g.Slice(value, axis, by) : g.Slice(value, axis, 0, size - by);
            Value filling = g.Full(value.Shape.With(axis, Math.Min(by, size)), fill, d.DType);
            return g.Concat(op.Reverse ? [kept, filling] : [filling, kept], axis);
        }
    }

    /// <summary>ScatterND with the place of every element of the part.</summary>
    private static Value? Update(Decomposition d, DynamicUpdateSlice op)
    {
        GraphBuilder g = d.G;
        int rank = d[0].Rank;
        SymbolicShape part = d[1].Shape;
        IEnumerable<Value> axes = Enumerable.Range(0, rank).Select(axis =>
        {
            IEnumerable<Dim> line = Enumerable.Range(0, rank).Select(i => i == axis ? part[axis] : Dim.One);
            return g.Expand(g.Reshape(g.Range(part[axis]), new SymbolicShape(line)), part);
        });
        Value places = g.Add(g.Stack([.. axes], -1), d[2]);
        return g.ScatterND(d[0], places, d[1]);
    }
}
