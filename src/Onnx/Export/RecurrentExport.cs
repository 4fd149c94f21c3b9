using KerasCompat.Onnx.Building;
using KerasCompat.Runtime;

namespace KerasCompat.Onnx.Export;

/// <summary>
/// LSTM, GRU and RNN as the operators of these names. ONNX has the time first, weights (1, gates · units, features) and the bias in two
/// halves, the input's and the state's.
/// </summary>
internal static class RecurrentExport
{
    /// <summary>ONNX's gates i, o, f, c among Keras's i, f, c, o.</summary>
    private static readonly int[] LstmGates = [0, 3, 1, 2];

    /// <summary>z, r, h in both.</summary>
    private static readonly int[] GruGates = [0, 1, 2];

    private static readonly int[] TimeFirst = [1, 0, 2];

    public static IEnumerable<OnnxEntry> Entries =>
    [
        OnnxEntry.Of<LSTM>((n, op) => Write(n, op, "LSTM", LstmGates, RecurrentActivations.Attributes([op.RecurrentActivation, op.Activation, op.Activation], ["Sigmoid", "Tanh", "Tanh"]))),
        OnnxEntry.Of<GRU>((n, op) => Write(
            n,
            op,
            "GRU",
            GruGates,
            [.. RecurrentActivations.Attributes([op.RecurrentActivation, op.Activation], ["Sigmoid", "Tanh"]), ("linear_before_reset", op.ResetAfter)])),
        OnnxEntry.Of<SimpleRNN>((n, op) => Write(n, op, "RNN", [0], RecurrentActivations.Attributes([op.Activation], ["Tanh"]))),
    ];

    /// <summary>True where ONNX has all functions of an operator.</summary>
    public static bool IsNative(RecurrentOp op) => RecurrentActivations.Find(op.Activation) is not null && op switch
    {
        LSTM lstm => RecurrentActivations.Find(lstm.RecurrentActivation) is not null,
        GRU gru => RecurrentActivations.Find(gru.RecurrentActivation) is not null,
        _ => true,
    };

    private static void Write(NodeExport n, RecurrentOp op, string name, int[] gates, (string, object)[] functions)
    {
        OnnxGraphBuilder onnx = n.Onnx;
        int units = n.Value(RecurrentOp.RecurrentKernel).Shape[0].Value;
        StepMask? mask = n.Has(RecurrentOp.Mask) ? new StepMask(onnx, n.In(RecurrentOp.Mask)) : null;
        string x = mask is null ? n.In(RecurrentOp.X, TimeFirst) : onnx.Transpose(mask.ToFront(n.In(RecurrentOp.X)), TimeFirst);
        string?[] initial = [.. Enumerable.Range(RecurrentOp.FirstState, op.StateCount).Select(i => n.Has(i) ? n.Write(g => g.ExpandDims(n.Value(i), 0)) : null)];
        string[] y = onnx.AddAll(
            name,
            1 + op.StateCount,
            [
                x,
                n.Write(g => Weights(g, n.Value(RecurrentOp.Kernel), gates, units)),
                n.Write(g => Weights(g, n.Value(RecurrentOp.RecurrentKernel), gates, units)),
                n.Has(RecurrentOp.Bias) ? n.Write(g => Biases(g, n.Value(RecurrentOp.Bias), gates, units)) : null,
                mask?.Lengths,
                .. initial,
            ],
            [("hidden_size", units), ("direction", op.GoBackwards ? "reverse" : "forward"), .. functions]);
        for (int state = 0; state < op.StateCount; state++)
        {
            string last = onnx.Squeeze(y[state + 1], 0);
            n.Out(state + 1, mask is null ? last : onnx.Add("Where", mask.AnyCounts, last, n.Optional(RecurrentOp.FirstState + state) ?? onnx.Scalar(0, n.DType)));
        }

        if (op.ReturnSequences)
        {
            Sequence(n, op, mask, onnx.Squeeze(y[0], 1));
        }
        else if (mask is null)
        {
            n.Out(onnx.Squeeze(y[1], 0));
        }
        else
        {
            string last = onnx.Squeeze(y[1], 0);
            n.Out(onnx.Add("Where", op.ZeroOutputForMask ? LastCounts(n, op) : mask.AnyCounts, last, onnx.Scalar(0, n.DType)));
        }
    }

    /// <summary>Results (time, batch, units) in the order of the input's steps.</summary>
    private static void Sequence(NodeExport n, RecurrentOp op, StepMask? mask, string y)
    {
        int[] order = mask is null ? TimeFirst : AxisOrder.Own(3);
        string all = mask is null ? y : mask.Back(n.Onnx.Transpose(y, TimeFirst), op.GoBackwards, op.ZeroOutputForMask, n.DType);
        if (!op.GoBackwards)
        {
            n.Out(all, order);
            return;
        }

        // Keras hands them on in the order in which they were computed; mostly they are turned round again at once.
        n.Out(n.Onnx.Slice(all, -1, long.MinValue + 1, Array.IndexOf(order, 1), -1), order);
        n.Graph.TurnedRound(n.Result, all, order);
    }

    /// <summary>Whether the step that was computed last counts: bool (batch, 1).</summary>
    private static string LastCounts(NodeExport n, RecurrentOp op) =>
        n.Onnx.Slice(n.In(RecurrentOp.Mask), op.GoBackwards ? 0 : -1, op.GoBackwards ? 1 : long.MaxValue, 1);

    /// <summary>(features, gates · units) as (1, gates · units, features), gates in another order.</summary>
    private static Value Weights(GraphBuilder g, Value kernel, int[] gates, int units) =>
        g.ExpandDims(g.Transpose(Reordered(g, kernel, gates, units), [1, 0]), 0);

    /// <summary>(gates · units), or two rows of it, as (1, 2 · gates · units).</summary>
    private static Value Biases(GraphBuilder g, Value bias, int[] gates, int units)
    {
        int width = gates.Length * units;
        Value rows = g.Reshape(bias, new SymbolicShape(Dim.FloorDiv(bias.Shape.ElementCount, width), width));
        rows = Reordered(g, rows, gates, units);
        Value both = rows.Shape[0] == Dim.One ? g.Concat([rows, g.Zeros(rows.Shape, bias.DType)], 0) : rows;
        return g.Reshape(both, new SymbolicShape(1, 2 * width));
    }

    private static Value Reordered(GraphBuilder g, Value x, int[] gates, int units) => gates.SequenceEqual(Enumerable.Range(0, gates.Length))
        ? x
        : g.Gather(x, g.Vector(gates.SelectMany(gate => Enumerable.Range(gate * units, units)).Select(i => (long)i)), 1);
}
