namespace KerasCompat.Runtime;

/// <summary>
/// <c>x[start:stop:step]</c> along one axis with bounds that the run decides, with Python's meaning: negative places count from the
/// end, places outside are moved to the edge. ONNX Slice. Inputs: x, start?, stop?, integers of rank 0.
/// </summary>
/// <param name="Axis">The axis, counted from 0.</param>
/// <param name="Step">The step, not zero.</param>
public sealed record SliceTo(int Axis, int Step) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) =>
        [new TensorType(inputs.DType(0), inputs.Shape(0).With(inputs.Axis(Axis, inputs.Shape(0).Rank), inputs.FreshSymbol("slice")))];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        int size = x.Shape[Axis];
        int start = Bound(1, Step > 0 ? 0 : size - 1), stop = Bound(2, Step > 0 ? size : -1);
        var places = new List<int>();
        for (int i = start; Step > 0 ? i < stop : i > stop; i += Step)
        {
            places.Add(i);
        }

        return [Compress.Take(x, [.. places], Axis)];

        int Bound(int input, int open)
        {
            if (input >= inputs.Count || inputs[input] is not { } given)
            {
                return open;
            }

            long place = given.Cast(DType.Int64).As<long>()[0];
            place = place < 0 ? place + size : place;
            return (int)(Step > 0 ? Math.Clamp(place, 0, size) : Math.Clamp(place, -1, size - 1));
        }
    }
}

public sealed partial class GraphBuilder
{
    /// <summary><c>x[start:stop:step]</c> along one axis with bounds that the run decides. The graph then runs without a plan.</summary>
    public Value SliceTo(Value x, int axis, Value? start, Value? stop, int step = 1) => Apply(new SliceTo(axis, step), x, start, stop);
}
