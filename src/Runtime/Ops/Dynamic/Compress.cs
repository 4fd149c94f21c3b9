using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>The slices along an axis for which a condition is true. ONNX Compress. Inputs: data, condition (bool, rank 1, no longer than the axis).</summary>
/// <param name="Axis">The axis.</param>
public sealed record Compress(int Axis) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireBool(1);
        SymbolicShape data = inputs.Shape(0);
        int axis = inputs.Axis(Axis, data.Rank);
        return inputs.Shape(1).Rank == 1
            ? [new TensorType(inputs.DType(0), data.With(axis, inputs.FreshSymbol("kept")))]
            : throw inputs.Fail($"a condition {inputs.Shape(1)}", "a condition of rank 1");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        int[] places = NonZero.Where(inputs[1]!.As<bool>().Span, static flag => flag);
        return [Take(inputs[0]!, places, Axis)];
    }

    /// <summary>The slices at some places along an axis.</summary>
    internal static Tensor Take(Tensor data, int[] places, int axis)
    {
        SymbolicShape shape = data.Shape;
        return NodeRunner.Run(new Gather(axis), [data, Tensor.From(places, places.Length)], [new TensorType(data.DType, shape.With(axis, places.Length))])[0];
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The slices along an axis for which a condition (rank 1) is true. The graph then runs without a plan.</summary>
    public Value Compress(Value data, Value condition, int axis = 0) => Apply(new Compress(axis), data, condition);

    /// <summary>The elements for which a condition is true, one behind the other, as numpy's <c>x[mask]</c>; the condition has the shape of leading axes.</summary>
    public Value BooleanMask(Value data, Value condition)
    {
        SymbolicShape rows = new([Dim.Product(data.Shape.Take(condition.Rank)), .. data.Shape.Skip(condition.Rank)]);
        return Compress(Reshape(data, rows), Flatten(condition));
    }
}
