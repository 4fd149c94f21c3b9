using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// <c>x[start:stop:step]</c> along an axis, with places that the run computes and Python's meaning. ONNX Slice.
/// Inputs: data, start?, stop? (integers of one element).
/// </summary>
/// <param name="Axis">The axis.</param>
/// <param name="Step">The step, not zero.</param>
public sealed record SliceTo(int Axis, int Step) : DynamicOp
{
    /// <inheritdoc/>
    public override string Name => "Slice";

    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape data = inputs.Shape(0);
        return [new TensorType(inputs.DType(0), data.With(inputs.Axis(Axis, data.Rank), inputs.FreshSymbol("sliced")))];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        Tensor data = inputs[0]!;
        int axis = Axis < 0 ? Axis + data.Shape.Rank : Axis;
        int start = Place(inputs[1]) ?? (Step > 0 ? 0 : Slice.Open), stop = Place(inputs[2]) ?? (Step > 0 ? Slice.Open : Slice.OpenBackward);
        var slice = new Slice([axis], [start], new SymbolicShape(stop), [Step]);
        SymbolicShape shape = data.Shape;
        return NodeRunner.Run(slice, [data], [new TensorType(data.DType, shape.With(axis, SliceLength.Of(data.Shape[axis], start, stop, Step)))]);

        static int? Place(Tensor? place) => place is null ? null
            : (int)Math.Clamp(place.Cast(DType.Int64).As<long>().Span[0], Slice.OpenBackward, Slice.Open);
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>
    /// <c>x[start:stop:step]</c> along an axis, with places that the graph computes; none is open. Where the places follow from
    /// sizes it is a <see cref="Runtime.Slice"/>; else the graph runs without a plan.
    /// </summary>
    public Value SliceTo(Value x, int axis, Value? start, Value? stop, int step)
    {
        Dim? first = Size(start, step > 0 ? 0 : Runtime.Slice.Open), last = Size(stop, step > 0 ? Runtime.Slice.Open : Runtime.Slice.OpenBackward);
        return first is { IsConstant: true } && last is not null
            ? Slice(x, axis, first.Value, last, step)
            : Apply(new SliceTo(axis, step), x, start, stop);

        static Dim? Size(Value? place, int open) =>
            place is null ? open : place.Content?[0] ?? (place.Constant is { } constant ? Dim.Constant(constant.Cast(DType.Int64).As<long>().Span[0]) : null);
    }

    /// <summary>The first axis cut, or filled at its end with a number, to a length.</summary>
    public Value ToLength(Value x, int length, double fill)
    {
        Value padded = Pad(x, EquatableList.Repeat(0, x.Rank), [length, .. Enumerable.Repeat(0, x.Rank - 1)], value: fill);
        return Reshape(Slice(padded, 0, 0, length), x.Shape.With(0, length));
    }

    /// <summary>The integers a value holds, where they are known when the graph is built.</summary>
    /// <exception cref="UnsupportedModelException">They are not.</exception>
    public IReadOnlyList<int> ConstantInts(Value x) => x.Constant is { } constant
        ? [.. constant.Cast(DType.Int64).As<long>().ToArray().Select(n => checked((int)n))]
        : throw new UnsupportedModelException(Scope, $"{x}, which a call computes", "integers that are known when the model is loaded");
}
