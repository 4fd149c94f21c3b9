using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The normalisations of <c>keras.ops.nn</c>, and its encodings of classes.</summary>
internal static class NnNormalizations
{
    public static OperationSet Table { get; } = new()
    {
        ["BatchNorm"] = With(BatchNorm),
        ["LayerNorm"] = With(LayerNorm),
        ["Moments"] = With(Moments),
        ["MultiHot"] = c => new KerasTensor(MultiHot(c, c.Tensor(0, "inputs"))),
        ["Normalize"] = Floating(Normalize),
        ["OneHot"] = With((c, x) => OneHot(c, x)),
        ["RMSNorm"] = With(RmsNorm),
    };

    private static Structure Moments(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        c.Ignore("synchronized");
        DType precise = TypePromotion.Result(x.DType, DType.Float32);
        int[] axes = c.Axes(x, "axes");
        bool keep = c.Flag("keepdims");
        Value wide = g.Cast(x, precise);
        return Several([g.Cast(g.ReduceMean(wide, axes, keep), x.DType), g.Cast(NumpyReductions.Variance(g, wide, axes, keep), x.DType)]);
    }

    private static Value BatchNorm(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int axis = c.Axis(x, -1);
        Value factor = g.Rsqrt(g.Add(Along(c.Tensor(2, "variance")), c.Number("epsilon", 1e-3)));
        factor = c.TensorOrNull(4, "scale") is { } scale ? g.Mul(factor, Along(scale)) : factor;
        Value shift = g.Neg(g.Mul(Along(c.Tensor(1, "mean")), factor));
        shift = c.TensorOrNull(3, "offset") is { } offset ? g.Add(shift, Along(offset)) : shift;
        return g.Add(g.Mul(x, factor), shift);

        Value Along(Value v) => g.Reshape(g.Cast(v, x.DType), new SymbolicShape(x.Shape.Select((d, a) => a == axis ? v.Shape[0] : Dim.One)));
    }

    private static Value LayerNorm(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        if (c.Flag("rms_scaling"))
        {
            throw new UnsupportedModelException($"{c.Config.Place}.rms_scaling", "true", "false");
        }

        int[] axes = c.Ints("axis") is null ? [x.Rank - 1] : c.Axes(x);
        return Scaled(c, x, axes, v =>
        {
            Value difference = g.Sub(v, g.ReduceMean(v, axes, keepDims: true));
            Value variance = g.ReduceMean(g.Square(difference), axes, keepDims: true);
            return g.Mul(difference, g.Rsqrt(g.Add(variance, c.Number("epsilon", 1e-7))));
        });
    }

    private static Value RmsNorm(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] axes = c.Ints("axis") is null ? [x.Rank - 1] : c.Axes(x);
        return Scaled(c, x, axes, v => g.Mul(v, g.Rsqrt(g.Add(g.ReduceMean(g.Square(v), axes, keepDims: true), c.Number("epsilon", 1e-7)))), "scale");
    }

    private static Value Scaled(OperationCall c, Value x, int[] axes, Func<Value, Value> normalize, string scale = "gamma")
    {
        GraphBuilder g = c.Graph;
        DType precise = TypePromotion.Result(x.DType, DType.Float32);
        Value y = normalize(g.Cast(x, precise));
        var shape = new SymbolicShape(x.Shape.Select((d, a) => axes.Contains(a) ? d : Dim.One));
        // A parameter of the constructor in Keras 3.9 and 3.10.
        Value? factor = c.TensorOrNull(1, scale) ?? (c.Parameter(scale) is { } token ? g.Constant(JsonTensor.Read(token, precise, c.Config.Place)) : null);
        y = factor is null ? y : g.Mul(y, factor.Rank == 0 ? g.Cast(factor, precise) : g.Reshape(g.Cast(factor, precise), shape));
        y = c.TensorOrNull(2, "beta") is { } beta ? g.Add(y, g.Reshape(g.Cast(beta, precise), shape)) : y;
        return g.Cast(y, x.DType);
    }

    /// <summary>Divided by the norm along the axis, at least epsilon.</summary>
    private static Value Normalize(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int[] axes = c.Ints("axis") is null ? [x.Rank - 1] : c.Axes(x);
        double order = c.Number("order", 2), epsilon = c.Number("epsilon", 1e-7);
        if (order == 2)
        {
            // The least square is epsilon squared.
            return g.Mul(x, g.Rsqrt(g.Maximum(g.ReduceSum(g.Square(x), axes, keepDims: true), epsilon * epsilon)));
        }

        return g.Div(x, g.Maximum(LinalgOperations.VectorNorm(g, x, order, axes, keep: true), epsilon));
    }

    private static Value OneHot(OperationCall c, Value x) =>
        c.Graph.OneHot(x.DType.IsInteger() ? x : c.Graph.Cast(x, DType.Int64), c.Int("num_classes", 0), c.Int("axis", -1), c.Type("dtype") ?? DType.Float32);

    private static Value MultiHot(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        Value each = g.OneHot(x.DType.IsInteger() ? x : g.Cast(x, DType.Int64), c.Int("num_classes", c.Int("num_tokens", 0)), c.Int("axis", -1), DType.Int32);
        return g.Cast(g.ReduceMax(each, [x.Rank > 1 ? 1 : 0]), c.Type("dtype") ?? DType.Float32);
    }
}
