#pragma warning disable CS1591 // Declared so that layers compile; each goes when its operator is there.
namespace KerasCompat.Runtime;
public sealed record UniqueResult(Value Values, Value Indices, Value Inverse, Value Counts);
public sealed partial class GraphBuilder
{
    public UniqueResult Unique(Value x, bool sorted) => throw Awaited();
    public Value Bincount(Value x, Value weights, int minLength) => throw Awaited();
    public Value ToLength(Value x, int length, double fill) => throw Awaited();
    public Value SliceTo(Value x, int axis, Value? start, Value? stop, int step) => throw Awaited();
    public Value BesselI0(Value x) => throw Awaited();
    public Value BitCast(Value x, DType to) => throw Awaited();
    public (Value Sign, Value LogAbs) SlogDet(Value x) => throw Awaited();
    public (Value, Value) Lu(Value x) => throw Awaited();
    public IReadOnlyList<int> ConstantInts(Value x) => throw Awaited();
    public Value SegmentReduce(Value x, Value ids, ScatterReduction r, double start, bool counts) => throw Awaited();
    private UnsupportedModelException Awaited([System.Runtime.CompilerServices.CallerMemberName] string name = "") => new(Scope, $"operator {name}", "an operator of this version");
}
