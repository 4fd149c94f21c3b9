using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Layers.Lowerings;
using static KerasCompat.Layers.TensorFlowFunctions;

namespace KerasCompat.Layers;

/// <summary><c>tf.math</c>, and the operators of Python that tf.keras stores as functions.</summary>
internal static class TensorFlowMath
{
    public static OperationSet Table { get; } = new()
    {
        ["__operators__.add"] = Binary((g, a, b) => g.Add(a, b)),
        ["__operators__.eq"] = Binary((g, a, b) => g.Equal(a, b)),
        ["__operators__.ne"] = Binary((g, a, b) => g.NotEqual(a, b)),
        ["add"] = Binary((g, a, b) => g.Add(a, b)),
        ["clip_by_value"] = c => new KerasTensor(Clip(c)),
        ["div"] = Binary((g, a, b) => a.DType.IsFloating() ? g.Div(a, b) : g.FloorDiv(a, b)),
        ["floor_div"] = Binary(FloorDiv),
        ["clip_by_norm"] = c => new KerasTensor(ClipByNorm(c)),
        ["linalg.det"] = As("Det"),
        ["linalg.inv"] = As("Inv"),
        ["linalg.matmul"] = c => new KerasTensor(MatMul(c)),
        ["linalg.matvec"] = c => new KerasTensor(MatVec(c)),
        ["linalg.norm"] = c => new KerasTensor(Norm(c)),
        ["math.abs"] = As("Absolute"),
        ["math.accumulate_n"] = c => Call(c, "math.add_n"),
        ["math.acos"] = As("Arccos"),
        ["math.acosh"] = As("Arccosh"),
        ["math.add"] = Binary((g, a, b) => g.Add(a, b)),
        ["math.add_n"] = c => new KerasTensor(c.List(0, "inputs").Select(o => o.AsTensor(c.Graph)).Aggregate((a, b) => c.Graph.Add(a, b))),
        ["math.argmax"] = c => new KerasTensor(ArgExtreme(c, largest: true)),
        ["math.argmin"] = c => new KerasTensor(ArgExtreme(c, largest: false)),
        ["math.asin"] = As("Arcsin"),
        ["math.asinh"] = As("Arcsinh"),
        ["math.atan"] = As("Arctan"),
        ["math.atan2"] = Binary((g, a, b) => g.Atan2(a, b)),
        ["math.atanh"] = As("Arctanh"),
        ["math.ceil"] = As("Ceil"),
        ["math.cos"] = As("Cos"),
        ["math.cosh"] = As("Cosh"),
        ["math.count_nonzero"] = c => new KerasTensor(c.Graph.ReduceSum(c.Graph.Cast(c.Graph.Cast(c.X, DType.Bool), TypeArgument(c, -1, "dtype") ?? DType.Int64), c.Axes(c.X), c.Flag("keepdims"))),
        ["math.cumprod"] = c => new KerasTensor(c.Graph.CumProd(c.X, c.Int("axis", 0), c.Flag("exclusive"), c.Flag("reverse"))),
        ["math.cumsum"] = c => new KerasTensor(c.Graph.CumSum(c.X, c.Int("axis", 0), c.Flag("exclusive"), c.Flag("reverse"))),
        ["math.divide"] = Binary(TrueDiv),
        ["math.divide_no_nan"] = Binary(NumpyElementwise.DivideNoNan),
        ["math.equal"] = Binary((g, a, b) => g.Equal(a, b)),
        ["math.erf"] = As("Erf"),
        ["math.erfinv"] = As("Erfinv"),
        ["math.exp"] = As("Exp"),
        ["math.expm1"] = As("Expm1"),
        ["math.floor"] = As("Floor"),
        ["math.floordiv"] = Binary(FloorDiv),
        ["math.floormod"] = Binary((g, a, b) => g.Mod(a, b)),
        ["math.greater"] = Binary((g, a, b) => g.Greater(a, b)),
        ["math.greater_equal"] = Binary((g, a, b) => g.GreaterEqual(a, b)),
        ["math.is_finite"] = As("Isfinite"),
        ["math.is_inf"] = As("Isinf"),
        ["math.is_nan"] = As("Isnan"),
        ["math.l2_normalize"] = c => new KerasTensor(Normalize(c)),
        ["math.less"] = Binary((g, a, b) => g.Less(a, b)),
        ["math.less_equal"] = Binary((g, a, b) => g.LessEqual(a, b)),
        ["math.log"] = As("Log"),
        ["math.log1p"] = As("Log1p"),
        ["math.log_sigmoid"] = As("LogSigmoid"),
        ["math.logical_and"] = Binary((g, a, b) => g.And(a, b)),
        ["math.logical_not"] = As("LogicalNot"),
        ["math.logical_or"] = Binary((g, a, b) => g.Or(a, b)),
        ["math.logical_xor"] = Binary((g, a, b) => g.Xor(a, b)),
        ["math.maximum"] = Binary((g, a, b) => g.Maximum(a, b)),
        ["math.minimum"] = Binary((g, a, b) => g.Minimum(a, b)),
        ["math.mod"] = Binary((g, a, b) => g.Mod(a, b)),
        ["math.multiply"] = Binary((g, a, b) => g.Mul(a, b)),
        ["math.multiply_no_nan"] = Binary((g, a, b) => g.Where(g.Equal(b, 0), g.Scalar(0, a.DType), g.Mul(a, b))),
        ["math.negative"] = As("Negative"),
        ["math.not_equal"] = Binary((g, a, b) => g.NotEqual(a, b)),
        ["math.pow"] = Binary((g, a, b) => g.Pow(a, b)),
        ["math.reciprocal"] = As("Reciprocal"),
        ["math.reciprocal_no_nan"] = c => new KerasTensor(NumpyElementwise.DivideNoNan(c.Graph, c.Graph.Scalar(1, c.X.DType), c.X)),
        ["math.reduce_all"] = As("All"),
        ["math.reduce_any"] = As("Any"),
        ["math.reduce_euclidean_norm"] = c => new KerasTensor(c.Graph.Sqrt(c.Graph.ReduceSum(c.Graph.Square(c.X), c.Axes(c.X), c.Flag("keepdims")))),
        ["math.reduce_logsumexp"] = As("Logsumexp"),
        ["math.reduce_max"] = As("Max"),
        ["math.reduce_mean"] = c => new KerasTensor(c.Graph.Cast(c.Graph.ReduceMean(ToFloating(c.Graph, c.X), c.Axes(c.X), c.Flag("keepdims")), c.X.DType)),
        ["math.reduce_min"] = As("Min"),
        ["math.reduce_prod"] = c => new KerasTensor(c.Graph.ReduceProd(c.X, c.Axes(c.X), c.Flag("keepdims"))),
        ["math.reduce_std"] = As("Std"),
        ["math.reduce_sum"] = c => new KerasTensor(c.Graph.ReduceSum(c.X, c.Axes(c.X), c.Flag("keepdims"))),
        ["math.reduce_variance"] = As("Var"),
        ["math.rint"] = As("Round"),
        ["math.round"] = As("Round"),
        ["math.rsqrt"] = As("Rsqrt"),
        ["math.sigmoid"] = As("Sigmoid"),
        ["math.sign"] = As("Sign"),
        ["math.sin"] = As("Sin"),
        ["math.sinh"] = As("Sinh"),
        ["math.softplus"] = As("Softplus"),
        ["math.sqrt"] = As("Sqrt"),
        ["math.square"] = As("Square"),
        ["math.squared_difference"] = Binary((g, a, b) => g.SquaredDifference(a, b)),
        ["math.subtract"] = Binary((g, a, b) => g.Sub(a, b)),
        ["math.tan"] = As("Tan"),
        ["math.tanh"] = As("Tanh"),
        ["math.top_k"] = c => c.Flag("sorted", true) ? As("TopK")(c) : throw Unknown(c.Config, "tf.math.top_k with sorted=False"),
        ["math.truediv"] = Binary(TrueDiv),
        ["math.xdivy"] = Binary((g, a, b) => NoNan(g, a, g.Div(a, b))),
        ["math.xlogy"] = Binary((g, a, b) => NoNan(g, a, g.Mul(a, g.Log(b)))),
        ["norm"] = c => new KerasTensor(Norm(c)),
        ["realdiv"] = Binary(TrueDiv),
        ["where"] = Where,
    };

    /// <summary>Integers of 32 and 64 bits are divided as float64, smaller ones as float32.</summary>
    private static Value TrueDiv(GraphBuilder g, Value a, Value b)
    {
        DType type = a.DType.IsFloating() ? a.DType : a.DType.Size() >= 4 ? DType.Float64 : DType.Float32;
        return g.Div(g.Cast(a, type), g.Cast(b, type));
    }

    private static Value FloorDiv(GraphBuilder g, Value a, Value b) => a.DType.IsFloating() ? g.Floor(g.Div(a, b)) : g.FloorDiv(a, b);

    private static Value Clip(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value x = c.X;
        return g.Minimum(g.Maximum(x, c.Operand(1, "clip_value_min").In(g, x.DType)), c.Operand(2, "clip_value_max").In(g, x.DType));
    }

    /// <summary>The product, 0 wherever the first factor is.</summary>
    private static Value NoNan(GraphBuilder g, Value factor, Value product) => g.Where(g.Equal(factor, 0), g.Scalar(0, factor.DType), product);

    /// <summary><c>x · n / max(‖x‖, n)</c>.</summary>
    private static Value ClipByNorm(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value norm = g.Sqrt(g.ReduceSum(g.Square(c.X), c.Axes(c.X, "axes"), keepDims: true));
        Value limit = c.Operand(1, "clip_norm").In(g, c.X.DType);
        return g.Div(g.Mul(c.X, limit), g.Maximum(norm, limit));
    }

    /// <summary>TensorFlow's names of the Euclidean norm, and numbers for vectors; without axes the whole tensor is one vector.</summary>
    private static Value Norm(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        JToken? order = c.Parameter("ord");
        bool euclidean = order is null || (string?)order is "euclidean" or "fro";
        if (!euclidean && c.Ints("axis") is { Length: > 1 })
        {
            throw Unknown(c.Config, $"tf.norm of matrices with ord {order}");
        }

        return LinalgOperations.VectorNorm(g, c.X, euclidean ? 2 : c.Number("ord", 2), c.Axes(c.X), c.Flag("keepdims"));
    }

    private static Value MatVec(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value a, Value b) = Pair(c, "b", "a");
        Value y = g.MatMul(c.Flag("transpose_a") || c.Flag("adjoint_a") ? g.SwapAxes(a, -1, -2) : a, g.ExpandDims(b, b.Rank));
        return g.Squeeze(y, y.Rank - 1);
    }

    private static Value MatMul(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        (Value a, Value b) = Pair(c, "b", "a");
        a = c.Flag("transpose_a") || c.Flag("adjoint_a") ? g.SwapAxes(a, -1, -2) : a;
        b = c.Flag("transpose_b") || c.Flag("adjoint_b") ? g.SwapAxes(b, -1, -2) : b;
        return g.MatMul(a, b);
    }

    private static Value ArgExtreme(OperationCall c, bool largest)
    {
        GraphBuilder g = c.Graph;
        Value y = largest ? g.ArgMax(c.X, c.Int("axis", 0)) : g.ArgMin(c.X, c.Int("axis", 0));
        return g.Cast(y, TypeArgument(c, -1, "output_type") ?? DType.Int64);
    }

    private static Value Normalize(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value sums = g.ReduceSum(g.Square(c.X), c.Axes(c.X), keepDims: true);
        return g.Mul(c.X, g.Rsqrt(g.Maximum(sums, c.Number("epsilon", 1e-12))));
    }

    private static Structure Where(OperationCall c)
    {
        GraphBuilder g = c.Graph;
        Value condition = c.Operand(0, "condition").In(g, DType.Bool);
        if (c.OperandOrNull(1, "x") is not { } a || c.OperandOrNull(2, "y") is not { } b)
        {
            return new KerasTensor(g.Transpose(g.NonZero(condition), [1, 0]));
        }

        DType type = a.Type.IsWeak || a.Tensor?.Value.Constant is not null ? b.Type.Type : a.Type.Type;
        return new KerasTensor(g.Where(condition, a.In(g, type), b.In(g, type)));
    }
}
