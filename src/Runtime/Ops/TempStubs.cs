#pragma warning disable CS1591
namespace KerasCompat.Runtime;
public sealed record UniqueResult(Value Values, Value Indices, Value Inverse, Value Counts);
public sealed record EigenResult(Value Values, Value ValuesImaginary, Value Vectors, Value VectorsImaginary);
public sealed partial class GraphBuilder
{
    public UniqueResult Unique(Value x, bool sorted) => throw new NotImplementedException();
    public Value NonZero(Value x) => throw new NotImplementedException();
    public Value Bincount(Value x, Value weights, int minLength) => throw new NotImplementedException();
    public Value ToLength(Value x, int length, double fill) => throw new NotImplementedException();
    public Value SliceTo(Value x, int axis, Value? start, Value? stop, int step) => throw new NotImplementedException();
    public Value BesselI0(Value x) => throw new NotImplementedException();
    public Value BitCast(Value x, DType to) => throw new NotImplementedException();
    public Value Cholesky(Value x) => throw new NotImplementedException();
    public Value Det(Value x) => throw new NotImplementedException();
    public Value Solve(Value x, Value b) => throw new NotImplementedException();
    public Value SolveTriangular(Value x, Value b, bool lower) => throw new NotImplementedException();
    public (Value Sign, Value LogAbs) SlogDet(Value x) => throw new NotImplementedException();
    public (Value, Value) Eigh(Value x) => throw new NotImplementedException();
    public (Value, Value) Lu(Value x) => throw new NotImplementedException();
    public (Value, Value) Qr(Value x, bool complete) => throw new NotImplementedException();
    public (Value U, Value S, Value Vt) Svd(Value x, bool full) => throw new NotImplementedException();
    public EigenResult Eig(Value x) => throw new NotImplementedException();
    public IReadOnlyList<int> ConstantInts(Value x) => throw new NotImplementedException();
    public Value SegmentReduce(Value x, Value ids, ScatterReduction r, double start, bool counts) => throw new NotImplementedException();
}
