using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime;

/// <summary>
/// For each number from 0 to the largest, the sum of the weights where it occurs. numpy's <c>bincount</c>, for a vector or for
/// each row of a matrix. ONNX: ScatterND. Inputs: numbers (int64, not negative), weights (of their shape).
/// </summary>
/// <param name="MinLength">The least length of the result.</param>
public sealed record Bincount(int MinLength) : DynamicOp
{
    /// <inheritdoc/>
    public override IReadOnlyList<TensorType> Infer(OpInference inputs)
    {
        inputs.RequireInt64(0);
        inputs.RequireNumeric(1);
        SymbolicShape x = inputs.Shape(0);
        return x.Rank is 1 or 2
            ? [new TensorType(inputs.DType(1), x.With(-1, inputs.FreshSymbol("bins")))]
            : throw inputs.Fail($"{x}", "a vector or rows");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<Tensor> Evaluate(IReadOnlyList<Tensor?> inputs)
    {
        Tensor<long> x = inputs[0]!.As<long>();
        Tensor weights = inputs[1]!;
        long largest = -1;
        foreach (long number in x.Span)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(number);
            largest = Math.Max(largest, number);
        }

        int bins = checked((int)Math.Max(MinLength, largest + 1)), row = x.Shape[-1], rows = x.Shape.Rank == 1 ? 1 : x.Shape[0];
        long[] places = [.. x.ToArray().Select((number, i) => (i / row * bins) + number)];
        Tensor zeros = Tensor.Zeros(weights.DType, new Shape(rows * bins));
        Tensor sums = NodeRunner.Run(
            new ScatterND(ScatterReduction.Add),
            [zeros, Tensor.From(places, places.Length, 1), weights.Reshape(new Shape(weights.Length))],
            [new TensorType(weights.DType, zeros.Shape)])[0];
        return [x.Shape.Rank == 1 ? sums : sums.Reshape(new Shape(rows, bins))];
    }
}

public sealed partial class GraphBuilder
{
    /// <summary>For each number from 0 to the largest the sum of the weights where it occurs. The graph then runs without a plan.</summary>
    public Value Bincount(Value x, Value weights, int minLength) => Apply(new Bincount(minLength), Indices(x), weights);
}
