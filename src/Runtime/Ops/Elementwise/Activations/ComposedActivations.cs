namespace KerasCompat.Runtime;

// Keras's activations that are compositions of operators.
public sealed partial class GraphBuilder
{
    /// <summary><c>min(max(x, 0), 6)</c>.</summary>
    public Value Relu6(Value x) => Clip(x, 0, 6);

    /// <summary><c>−log(1 + e^−x)</c>.</summary>
    public Value LogSigmoid(Value x) => Neg(Softplus(Neg(x)));

    /// <summary><c>x − threshold</c> above the threshold, <c>x + threshold</c> below its negative, 0 between.</summary>
    public Value SoftShrink(Value x, double threshold = 0.5) => Shrink(x, threshold, threshold);

    /// <summary><c>x</c> where <c>|x| > threshold</c>, else 0.</summary>
    public Value HardShrink(Value x, double threshold = 0.5) => Shrink(x, threshold, 0);

    /// <summary><c>x − tanh(x)</c>.</summary>
    public Value TanhShrink(Value x) => Sub(x, Tanh(x));

    /// <summary><c>clip(x, −1, 1)</c>.</summary>
    public Value HardTanh(Value x) => Clip(x, -1, 1);

    /// <summary><c>x</c> where <c>x > threshold</c>, else <paramref name="otherwise"/>.</summary>
    public Value Threshold(Value x, double threshold, double otherwise) =>
        Where(Greater(x, threshold), x, Scalar(otherwise, x.DType));

    /// <summary><c>(x + √(x² + b)) / 2</c>.</summary>
    public Value Squareplus(Value x, double b = 4) => Mul(Add(x, Sqrt(Add(Square(x), b))), 0.5);

    /// <summary>0 up to −1, <c>(x + 1)²/4</c> between −1 and 1, <c>x</c> from 1 on.</summary>
    public Value SparsePlus(Value x) => Where(
        LessEqual(x, -1),
        Scalar(0, x.DType),
        Where(Less(x, 1), Mul(Square(Add(x, 1)), 0.25), x));

    /// <summary>0 up to −1, <c>(x + 1)/2</c> between −1 and 1, 1 from 1 on.</summary>
    public Value SparseSigmoid(Value x) => HardSigmoid(x, 0.5, 0.5);

    /// <summary><c>a · sigmoid(b)</c> for the two halves a and b of an axis.</summary>
    public Value Glu(Value x, int axis = -1) => Split(x, axis, 2) is [var a, var b] ? Mul(a, Sigmoid(b)) : x;

    /// <summary><c>e^(x − log Σ e^x)</c> over several axes together.</summary>
    public Value Softmax(Value x, EquatableList<int> axes) =>
        axes.Count == 1 ? Softmax(x, axes[0]) : Exp(Sub(x, ReduceLogSumExp(x, axes, keepDims: true)));

    /// <summary>
    /// The point of the probability simplex that is closest to x: <c>max(x − τ, 0)</c> with τ such that the result sums to 1.
    /// A. Martins and R. Astudillo, 2016.
    /// </summary>
    public Value Sparsemax(Value x, int axis = -1)
    {
        axis = axis < 0 ? axis + x.Rank : axis;
        Value sorted = Sort(x, axis, descending: true), sums = CumSum(sorted, axis);
        Value count = Reshape(Add(Range(x.Shape[axis], x.DType), 1), new SymbolicShape([x.Shape[axis], .. Enumerable.Repeat(Dim.One, x.Rank - axis - 1)]));
        Value inSupport = Greater(Sub(sorted, Div(Sub(sums, 1), count)), 0);
        Value support = Cast(inSupport, x.DType);
        Value threshold = Div(Sub(ReduceSum(Mul(sorted, support), [axis], keepDims: true), 1), ReduceSum(support, [axis], keepDims: true));
        return Relu(Sub(x, threshold));
    }
}
