namespace KerasCompat.Runtime;

/// <summary>The places of the elements that are not zero (false, empty text), in order: int64 (rank, places). ONNX NonZero.</summary>
public sealed record NonZero : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs) =>
        [new TensorType(DType.Int64, new SymbolicShape(inputs.Shape(0).Rank, inputs.FreshSymbol("nonzero")))];

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        Tensor x = inputs[0]!;
        int[] places = x is Tensor<string> texts
            ? Where(texts.Span, static text => text.Length > 0)
            : Where(x.Cast(DType.Bool).As<bool>().Span, static flag => flag);
        int[] strides = x.Shape.Strides();
        var result = new long[x.Shape.Rank * places.Length];
        for (int axis = 0; axis < strides.Length; axis++)
        {
            for (int i = 0; i < places.Length; i++)
            {
                result[(axis * places.Length) + i] = places[i] / strides[axis] % x.Shape[axis];
            }
        }

        return [Tensor.From(result, x.Shape.Rank, places.Length)];
    }

    /// <summary>The numbers of the elements for which something holds.</summary>
    internal static int[] Where<T>(ReadOnlySpan<T> x, Func<T, bool> holds)
    {
        var places = new List<int>();
        for (int i = 0; i < x.Length; i++)
        {
            if (holds(x[i]))
            {
                places.Add(i);
            }
        }

        return [.. places];
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The places of the elements that are not zero: int64 (rank, places). The graph then runs without a plan.</summary>
    public Value NonZero(Value x) => Apply(new NonZero(), x);
}
