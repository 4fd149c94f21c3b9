using KerasCompat.Runtime;

namespace KerasCompat.Layers;

/// <summary>The losses of <c>keras.ops.nn</c>: of each example, not averaged. Probabilities are clipped to [ε, 1 − ε], ε = 10⁻⁷.</summary>
internal static class NnLosses
{
    private const double Epsilon = 1e-7;

    public static OperationSet Table { get; } = new()
    {
        ["BinaryCrossentropy"] = c => new KerasTensor(Binary(c)),
        ["CategoricalCrossentropy"] = c => new KerasTensor(Categorical(c)),
        ["CTCDecode"] = CtcOperations.Decode,
        ["CTCLoss"] = c => new KerasTensor(CtcOperations.Loss(c)),
        ["PSNR"] = c => new KerasTensor(PeakSignalToNoise(c)),
        ["SparseCategoricalCrossentropy"] = c => new KerasTensor(SparseCategorical(c)),
    };

    private static Value Binary(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value output = c.Tensor(1, "output"), target = g.Cast(c.Tensor(0, "target"), output.DType);
        if (c.Flag("from_logits"))
        {
            // max(x, 0) − x·t + log(1 + e^−|x|)
            return g.Add(g.Sub(g.Relu(output), g.Mul(output, target)), g.Log1p(g.Exp(g.Neg(g.Abs(output)))));
        }

        Value p = Clipped(g, output), one = g.Scalar(1, output.DType);
        return g.Neg(g.Add(g.Mul(target, g.Log(p)), g.Mul(g.Sub(one, target), g.Log(g.Sub(one, p)))));
    }

    private static Value Categorical(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value output = c.Tensor(1, "output"), target = g.Cast(c.Tensor(0, "target"), output.DType);
        int axis = c.Axis(output, -1);
        Value logs = c.Flag("from_logits")
            ? g.LogSoftmax(output, axis)
            : g.Log(Clipped(g, g.Div(output, g.ReduceSum(output, [axis], keepDims: true))));
        return g.Neg(g.ReduceSum(g.Mul(target, logs), [axis]));
    }

    private static Value SparseCategorical(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value output = c.Tensor(1, "output"), target = c.Tensor(0, "target");
        int axis = c.Axis(output, -1);
        target = g.Cast(target.Rank == output.Rank && target.Shape[-1] == Dim.One ? g.Squeeze(target, -1) : target, DType.Int64);

        // Of probabilities Keras takes the logarithms for logits, which normalises them after the clipping.
        Value logs = g.LogSoftmax(c.Flag("from_logits") ? output : g.Log(Clipped(g, output)), axis);
        return g.Neg(g.Squeeze(g.GatherElements(logs, g.ExpandDims(target, axis), axis), axis));
    }

    private static Value PeakSignalToNoise(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value a, Value b) = c.Promote(c.Operand(0, "x1"), c.Operand(1, "x2"), KerasType.Float);
        Value error = g.ReduceMean(g.Square(g.Sub(a, b)), [.. Enumerable.Range(0, a.Rank)]);
        return g.Sub(g.Scalar(20 * Math.Log10(c.Number("max_val", 1)), error.DType), g.Mul(g.Log10(error), 10));
    }

    private static Value Clipped(GraphBuilder g, Value x) => g.Clip(x, Epsilon, 1 - Epsilon);
}
