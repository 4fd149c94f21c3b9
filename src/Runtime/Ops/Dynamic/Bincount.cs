namespace KerasCompat.Runtime;

/// <summary>
/// How often each number 0, 1, 2, … occurs, or the sum of the weights where it does, as numpy's <c>bincount</c>. Inputs: int64 of
/// rank 1, or of rank 2, where each row is counted on its own; weights of that shape. Negative numbers count for nothing.
/// </summary>
/// <param name="MinLength">The least length of the result, which else ends with the largest number.</param>
public sealed record Bincount(int MinLength) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        SymbolicShape x = inputs.Shape(0);
        return x.Rank is 1 or 2 && x.Equals(inputs.Shape(1))
            ? [new TensorType(inputs.DType(1), new SymbolicShape([.. x.Take(x.Rank - 1), inputs.FreshSymbol("bins")]))]
            : throw inputs.Fail($"numbers {x} and weights {inputs.Shape(1)}", "numbers of rank 1 or 2, and a weight for each");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        ReadOnlySpan<long> x = inputs[0]!.Cast(DType.Int64).As<long>().Span;
        ReadOnlySpan<double> weights = inputs[1]!.Cast(DType.Float64).As<double>().Span;
        Shape shape = inputs[0]!.Shape;
        int rows = shape.Product(0, shape.Rank - 1), bins = MinLength;
        foreach (long number in x)
        {
            bins = (int)Math.Max(bins, number + 1);
        }

        var sums = new double[rows * bins];
        for (int i = 0; i < x.Length; i++)
        {
            if (x[i] >= 0)
            {
                sums[(i / shape[-1] * bins) + (int)x[i]] += weights[i];
            }
        }

        return [new Tensor<double>(sums, new Shape([.. shape.Take(shape.Rank - 1), bins])).Cast(inputs[1]!.DType)];
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>The sum of the weights where each number 0, 1, 2, … occurs. The graph then runs without a plan.</summary>
    public Value Bincount(Value x, Value weights, int minLength = 0) => Apply(new Bincount(minLength), x, weights);
}
