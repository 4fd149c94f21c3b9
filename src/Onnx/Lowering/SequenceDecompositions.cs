using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Connectionist temporal classification: its loss as a Scan over the steps, and the decoder that takes the best class of each step.</summary>
internal static class SequenceDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.Of<CTCLoss>(Loss),
        DecompositionEntry.OfAll<CTCGreedyDecoder>(Decode),
    ];

    /// <summary>Place 2i of a path is the blank before label i, place 2i + 1 the label.</summary>
    private static Value Loss(Decomposition d, CTCLoss op)
    {
        GraphBuilder g = d.G;
        Value labels = d[0], logs = g.LogSoftmax(g.Cast(d[1], DType.Float64)), lengths = g.Cast(g.ExpandDims(d[2], 1), DType.Int64);
        Dim batch = labels.Shape[0], most = labels.Shape[1], places = (2 * most) + 1;
        Value blanks = g.Full(labels.Shape, op.Blank, labels.DType), end = g.Full(new SymbolicShape(batch, 1), op.Blank, labels.DType);
        Value symbols = g.Cast(g.Concat([g.Reshape(g.Stack([blanks, labels], 2), batch, 2 * most), end], 1), DType.Int64);

        // Over a blank only where it does not part two equal labels: a blank is always equal to the one two places before.
        Value leaps = g.Concat([g.Full(new SymbolicShape(batch, 2), 0, DType.Bool), g.NotEqual(g.Slice(symbols, 1, 2), g.Slice(symbols, 1, 0, -2))], 1);
        Value never = g.Full(new SymbolicShape(batch, places - 1), double.NegativeInfinity, DType.Float64);
        Value start = g.Concat([g.Zeros(new SymbolicShape(batch, 1), DType.Float64), never], 1);
        Value counts = g.Less(g.ExpandDims(g.Range(logs.Shape[1]), 0), g.Cast(g.ExpandDims(d[3], 1), DType.Int64));
        Value last = g.Scan(Step(start, logs, counts, symbols, leaps), [start], [logs, counts], [symbols, leaps]).States[0];

        Value inBlank = g.GatherElements(last, g.Mul(lengths, 2), 1);
        Value inLabel = g.GatherElements(last, g.Maximum(g.Sub(g.Mul(lengths, 2), 1), 0), 1);
        Value either = LogSum(g, inBlank, g.Where(g.Equal(lengths, 0), g.Scalar(double.NegativeInfinity, DType.Float64), inLabel));
        return g.Cast(g.Neg(g.Squeeze(either, 1)), d.DType);
    }

    private static Graph Step(Value start, Value logs, Value counts, Value symbols, Value leaps)
    {
        var g = new GraphBuilder();
        Value before = g.Input("state", start.DType, start.Shape), log = g.Input("log", logs.DType, logs.Shape.Without(1)), count = g.Input("counts", DType.Bool, counts.Shape.Without(1));
        Value symbol = g.Input("symbols", symbols.DType, symbols.Shape), leap = g.Input("leaps", DType.Bool, leaps.Shape);
        Value sum = LogSum(g, before, Shifted(g, before, 1), g.Where(leap, Shifted(g, before, 2), g.Scalar(double.NegativeInfinity, DType.Float64)));
        Value next = g.Add(sum, g.GatherElements(log, symbol, 1));
        return g.Build([before, log, count, symbol, leap], [g.Where(g.ExpandDims(count, 1), next, before)]);
    }

    /// <summary>What stood some places before.</summary>
    private static Value Shifted(GraphBuilder g, Value x, int by) =>
        g.Concat([g.Full(new SymbolicShape(x.Shape[0], by), double.NegativeInfinity, DType.Float64), g.Slice(x, 1, 0, -by)], 1);

    /// <summary>The logarithm of a sum, of the logarithms of its terms, none of which need be finite.</summary>
    private static Value LogSum(GraphBuilder g, params IReadOnlyList<Value> terms)
    {
        Value most = terms.Aggregate(g.Maximum);
        most = g.Where(g.IsInf(most), g.Scalar(0, DType.Float64), most);
        return g.Add(most, g.Log(terms.Select(t => g.Exp(g.Sub(t, most))).Aggregate(g.Add)));
    }

    private static IReadOnlyList<Value>? Decode(Decomposition d, CTCGreedyDecoder op)
    {
        GraphBuilder g = d.G;
        Value best = g.Cast(g.ArgMax(d[0], 2), DType.Int32);
        (Dim batch, Dim time) = (best.Shape[0], best.Shape[1]);
        Value counts = g.Less(g.ExpandDims(g.Range(time), 0), g.Cast(g.ExpandDims(d[1], 1), DType.Int64));
        Value kept = g.And(counts, g.NotEqual(best, g.Scalar(op.Blank, DType.Int32)));
        if (op.MergeRepeated)
        {
            Value before = g.Concat([g.Full(new SymbolicShape(batch, 1), -1, DType.Int32), g.Slice(best, 1, 0, -1)], 1);
            kept = g.And(kept, g.NotEqual(best, before));
        }

        // Equal elements keep their order: the labels that are kept come to the front.
        Value places = g.Cast(kept, DType.Int32), front = g.GatherElements(best, g.ArgSort(places, 1, descending: true), 1);
        Value found = g.Less(g.ExpandDims(g.Range(time, DType.Int32), 0), g.ReduceSum(places, [1], keepDims: true));
        Value labels = g.ExpandDims(g.Where(found, front, g.Scalar(-1, DType.Int32)), 0);
        Value scores = g.Where(counts, g.ReduceMax(d[0], [2]), g.Scalar(0, d[0].DType));
        return [labels, g.Neg(g.ReduceSum(scores, [1], keepDims: true))];
    }
}
