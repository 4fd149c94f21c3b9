using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>Rows gathered by the segment they belong to, as many segments as the numbers tell. Inputs: data, segment of each row (integers).</summary>
/// <remarks>A row whose segment is negative or beyond the last belongs to none. ONNX: ScatterND with the size from ReduceMax.</remarks>
/// <param name="Reduction">How rows of one segment meet.</param>
/// <param name="Start">What a segment without rows gets.</param>
/// <param name="CountsDifferent">Whether there are as many segments as different numbers; else up to the highest number.</param>
public sealed record SegmentReduce(ScatterReduction Reduction, double Start, bool CountsDifferent) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireNumeric(0);
        inputs.RequireInt64(1);
        return inputs.Shape(0).Rank > 0 && inputs.Shape(1).Rank == 1
            ? [new TensorType(inputs.DType(0), inputs.Shape(0).With(0, inputs.FreshSymbol("segments")))]
            : throw inputs.Fail($"rows {inputs.Shape(0)} of segments {inputs.Shape(1)}", "a number for each row");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        Tensor data = inputs[0]!;
        long[] ids = inputs[1]!.As<long>().ToArray();
        int count = checked((int)(CountsDifferent ? ids.Distinct().Count() : ids.Length == 0 ? 0 : Math.Max(ids.Max() + 1, 0)));
        SymbolicShape rows = data.Shape;
        var type = new TensorType(data.DType, rows.With(0, count));
        Tensor result = NodeRunner.Run(new ConstantOfShape(type.Shape, Start, data.DType), [], [type])[0];

        // The first row of each segment takes its place, the others meet it.
        var met = new HashSet<long>();
        ILookup<bool, int> inside = Enumerable.Range(0, ids.Length).Where(i => ids[i] >= 0 && ids[i] < count).ToLookup(i => met.Add(ids[i]));
        result = Scatter(inside[true], ScatterReduction.None);
        return [Scatter(inside[false], Reduction)];

        Tensor Scatter(IEnumerable<int> some, ScatterReduction reduction)
        {
            int[] places = [.. some];
            Tensor segments = Tensor.From(places.Select(i => ids[i]).ToArray(), places.Length, 1);
            return NodeRunner.Run(new ScatterND(reduction), [result, segments, Compress.Take(data, places, 0)], [type])[0];
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>Rows gathered by the segment they belong to. The graph then runs without a plan.</summary>
    /// <param name="x">The rows.</param>
    /// <param name="ids">The segment of each.</param>
    /// <param name="reduction">How rows of one segment meet.</param>
    /// <param name="start">What a segment without rows gets.</param>
    /// <param name="countsDifferent">Whether there are as many segments as different numbers; else up to the highest number.</param>
    public Value SegmentReduce(Value x, Value ids, ScatterReduction reduction, double start, bool countsDifferent) =>
        Apply(new SegmentReduce(reduction, start, countsDifferent), x, Indices(ids));
}
