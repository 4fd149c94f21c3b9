using KerasCompat.Onnx.Export;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Lowering;

/// <summary>Recurrent nets with functions that ONNX's operators lack, or of another type than float32: a Scan with the formulas written out.</summary>
internal static class RecurrentDecompositions
{
    public static IEnumerable<DecompositionEntry> Entries =>
    [
        DecompositionEntry.OfAll<LSTM>((d, op) => Replace(d, op, (g, x, states, r) =>
        {
            IReadOnlyList<Value> z = g.Split(g.Add(x, g.MatMul(states[0], r[0])), 1, 4);
            Value c = g.Add(g.Mul(Apply(g, op.RecurrentActivation, z[1]), states[1]), g.Mul(Apply(g, op.RecurrentActivation, z[0]), Apply(g, op.Activation, z[2])));
            return [g.Mul(Apply(g, op.RecurrentActivation, z[3]), Apply(g, op.Activation, c)), c];
        })),
        DecompositionEntry.OfAll<GRU>((d, op) => Replace(d, op, (g, x, states, r) => [Gated(g, op, x, states[0], r)])),
        DecompositionEntry.OfAll<SimpleRNN>((d, op) => Replace(d, op, (g, x, states, r) => [Apply(g, op.Activation, g.Add(x, g.MatMul(states[0], r[0])))])),
    ];

    private delegate IReadOnlyList<Value> Cell(GraphBuilder g, Value projected, IReadOnlyList<Value> states, IReadOnlyList<Value> recurrent);

    private static Value Gated(GraphBuilder g, GRU op, Value x, Value h, IReadOnlyList<Value> r)
    {
        int units = h.Shape[1].Value;
        IReadOnlyList<Value> inputs = g.Split(x, 1, 3), kernels = g.Split(r[0], 1, 3);
        IReadOnlyList<Value>? biases = r.Count > 1 ? g.Split(r[1], 0, 3) : null;
        Value z = Apply(g, op.RecurrentActivation, g.Add(inputs[0], Product(0, h))), reset = Apply(g, op.RecurrentActivation, g.Add(inputs[1], Product(1, h)));
        Value candidate = op.ResetAfter ? g.Mul(reset, Product(2, h)) : Product(2, g.Mul(reset, h));
        Value n = Apply(g, op.Activation, g.Add(inputs[2], candidate));
        return g.Add(g.Mul(z, h), g.Mul(g.Sub(g.Scalar(1, h.DType), z), n));

        Value Product(int gate, Value state)
        {
            Value product = g.MatMul(state, g.Reshape(kernels[gate], new SymbolicShape(units, units)));
            return biases is null ? product : g.Add(product, biases[gate]);
        }
    }

    private static Value Apply(GraphBuilder g, Op? function, Value x) => function is null ? x : g.Apply(function, x);

    private static IReadOnlyList<Value>? Replace(Decomposition d, RecurrentOp op, Cell cell)
    {
        GraphBuilder g = d.G;
        if (d.DType == DType.Float16)
        {
            IReadOnlyList<Value> wide = g.ApplyAll(op, [.. d.Node.Inputs.Select((v, i) => v is null || i == RecurrentOp.Mask ? v : g.Cast(v, DType.Float32))]);
            return [.. wide.Select(v => g.Cast(v, DType.Float16))];
        }

        if (d.DType == DType.Float32 && RecurrentExport.IsNative(op))
        {
            return null;
        }

        Value x = d[RecurrentOp.X], recurrent = d[RecurrentOp.RecurrentKernel];
        int units = recurrent.Shape[0].Value, width = recurrent.Shape[1].Value;
        Value projected = g.MatMul(x, d[RecurrentOp.Kernel]);
        var whole = new List<Value> { recurrent };
        if (d.Optional(RecurrentOp.Bias) is { } bias)
        {
            Value rows = g.Reshape(bias, new SymbolicShape(Dim.FloorDiv(bias.Shape.ElementCount, width), width));
            projected = g.Add(projected, g.Reshape(g.Slice(rows, 0, 0, 1), new SymbolicShape(width)));
            if (rows.Shape[0] != Dim.One)
            {
                whole.Add(g.Reshape(g.Slice(rows, 0, 1, 2), new SymbolicShape(width)));
            }
        }

        var stateShape = new SymbolicShape(x.Shape[0], units);
        Value[] states =
        [
            .. Enumerable.Range(0, op.StateCount).Select(i => d.Optional(RecurrentOp.FirstState + i) ?? g.Zeros(stateShape, d.DType)),
            g.Zeros(stateShape, d.DType),
        ];
        Value? mask = d.Optional(RecurrentOp.Mask);
        Graph body = Body(op, cell, states, projected, mask, whole);
        ScanResult result = g.Scan(body, states, mask is null ? [projected] : [projected, mask], whole, op.GoBackwards);
        return [op.ReturnSequences ? result.Outputs[0] : result.States[^1], .. result.States.Take(op.StateCount)];
    }

    /// <summary>One step. The last state is the output before, which masked steps repeat.</summary>
    private static Graph Body(RecurrentOp op, Cell cell, IReadOnlyList<Value> states, Value projected, Value? mask, IReadOnlyList<Value> whole)
    {
        var g = new GraphBuilder();
        Value[] before = [.. states.Select((s, i) => g.Input($"state{i}", s.DType, s.Shape))];
        Value x = g.Input("x", projected.DType, projected.Shape.Without(1));
        Value? counts = mask is null ? null : g.Input("mask", DType.Bool, mask.Shape.Without(1));
        Value[] weights = [.. whole.Select((w, i) => g.Input($"weight{i}", w.DType, w.Shape))];
        IReadOnlyList<Value> next = cell(g, x, before[..^1], weights);
        Value output = next[0];
        if (counts is not null)
        {
            Value row = g.ExpandDims(counts, 1);
            output = g.Where(row, next[0], op.ZeroOutputForMask ? g.Scalar(0, x.DType) : before[^1]);
            next = [.. next.Select((n, i) => g.Where(row, n, before[i]))];
        }

        return g.Build([.. before, x, .. counts is null ? (Value[])[] : [counts], .. weights], [.. next, output, output]);
    }
}
