namespace KerasCompat.Runtime;

/// <summary>The place of the largest element along an axis, the first of several; a NaN goes before all numbers, as numpy's. ONNX ArgMax.</summary>
/// <param name="Axis">The axis.</param>
/// <param name="KeepDims">Whether the axis stays, with size 1.</param>
public sealed record ArgMax(int Axis, bool KeepDims) : ArgOp(Axis, KeepDims)
{
    private protected override bool IsBetter<T>(T element, T best) => element > best || (T.IsNaN(element) && !T.IsNaN(best));
}

public sealed partial class GraphBuilder
{
    /// <summary>The place of the largest element along an axis as int64; the first of several.</summary>
    public Value ArgMax(Value x, int axis = -1, bool keepDims = false) => Apply(new ArgMax(axis, keepDims), x);
}
