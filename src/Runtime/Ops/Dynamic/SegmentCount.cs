namespace KerasCompat.Runtime;

/// <summary>
/// As many zeros as there are segments, so that segments can be gathered into a value of that length: as the highest segment's
/// number needs, or as there are different numbers. Input: the segments' numbers. Output: zeros (segments).
/// </summary>
/// <param name="Distinct">Whether different numbers are counted.</param>
public sealed record SegmentCount(bool Distinct) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) => [new TensorType(DType.Int64, new SymbolicShape(inputs.FreshSymbol("segments")))];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        long[] ids = inputs[0]!.Cast(DType.Int64).As<long>().ToArray();
        long count = Distinct ? ids.Distinct().Count() : ids.Append(-1).Max() + 1;
        return [Tensor.Zeros(DType.Int64, new Shape((int)count))];
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>As many zeros as there are segments. The graph then runs without a plan.</summary>
    public Value SegmentCount(Value ids, bool distinct) => Apply(new SegmentCount(distinct), ids);
}
