using KerasCompat.Runtime;
using static KerasCompat.Layers.Lowerings;

namespace KerasCompat.Layers;

/// <summary>The operations of <c>keras.ops.numpy</c> that compute numbers element by element.</summary>
internal static class NumpyElementwise
{
    public static OperationSet Table { get; } = new()
    {
        // One floating tensor
        ["Arccos"] = Floating((g, x) => g.Acos(x)),
        ["Arccosh"] = Floating((g, x) => g.Acosh(x)),
        ["Arcsin"] = Floating((g, x) => g.Asin(x)),
        ["Arcsinh"] = Floating((g, x) => g.Asinh(x)),
        ["Arctan"] = Floating((g, x) => g.Atan(x)),
        ["Arctanh"] = Floating((g, x) => g.Atanh(x)),
        ["Cbrt"] = Floating((g, x) => g.Cbrt(x)),
        ["Ceil"] = Floating((g, x) => g.Ceil(x)),
        ["Cos"] = Floating((g, x) => g.Cos(x)),
        ["Cosh"] = Floating((g, x) => g.Cosh(x)),
        ["Deg2rad"] = Floating((g, x) => g.Mul(x, Math.PI / 180)),
        ["Exp"] = Floating((g, x) => g.Exp(x)),
        ["Exp2"] = Floating((g, x) => g.Exp2(x)),
        ["Expm1"] = Floating((g, x) => g.Expm1(x)),
        ["Floor"] = Floating((g, x) => g.Floor(x)),
        ["I0"] = Floating((g, x) => g.BesselI0(x)),
        ["Log"] = Floating((g, x) => g.Log(x)),
        ["Log10"] = Floating((g, x) => g.Log10(x)),
        ["Log1p"] = Floating((g, x) => g.Log1p(x)),
        ["Log2"] = Floating((g, x) => g.Log2(x)),
        ["Rad2deg"] = Floating((g, x) => g.Mul(x, 180 / Math.PI)),
        ["Reciprocal"] = Floating((g, x) => g.Reciprocal(x)),
        ["Sin"] = Floating((g, x) => g.Sin(x)),
        ["Sinc"] = Floating(Sinc),
        ["Sinh"] = Floating((g, x) => g.Sinh(x)),
        ["Sqrt"] = Floating((g, x) => g.Sqrt(x)),
        ["Tan"] = Floating((g, x) => g.Tan(x)),
        ["Tanh"] = Floating((g, x) => g.Tanh(x)),

        // One tensor of any numbers
        ["BitwiseInvert"] = Plain(BitwiseNot),
        ["BitwiseNot"] = Plain(BitwiseNot),
        ["Clip"] = With(Clip),
        ["Copy"] = Plain((_, x) => x),
        ["Fabs"] = Floating((g, x) => g.Abs(x)),
        ["NanToNum"] = With((c, x) => NanToNum(c, x, c.Number("nan", 0), c.NumberOrNull("posinf"), c.NumberOrNull("neginf"))),
        ["Negative"] = Numeric((g, x) => g.Neg(x)),
        ["Round"] = With(Round),
        ["Sign"] = Numeric((g, x) => g.Sign(x)),
        ["Square"] = Numeric((g, x) => g.Square(x)),
        ["Trunc"] = Plain((g, x) => x.DType.IsFloating() ? g.Trunc(x) : x),

        // Two tensors
        ["Add"] = Binary((g, a, b) => g.Add(a, b)),
        ["Arctan2"] = Strict((g, a, b) => g.Atan2(a, b), KerasType.Float),
        ["BitwiseAnd"] = Strict(OfFlags((g, a, b) => g.And(a, b), (g, a, b) => g.BitwiseAnd(a, b))),
        ["BitwiseLeftShift"] = Binary((g, a, b) => g.ShiftLeft(a, b)),
        ["BitwiseOr"] = Strict(OfFlags((g, a, b) => g.Or(a, b), (g, a, b) => g.BitwiseOr(a, b))),
        ["BitwiseRightShift"] = Binary((g, a, b) => g.ShiftRight(a, b)),
        ["BitwiseXor"] = Strict(OfFlags((g, a, b) => g.Xor(a, b), (g, a, b) => g.BitwiseXor(a, b))),
        ["Divide"] = Binary((g, a, b) => g.Div(a, b), KerasType.Float),
        ["DivideNoNan"] = Binary(DivideNoNan, KerasType.Float),
        ["FloorDivide"] = Binary(FloorDivide),
        ["Fmax"] = Binary((g, a, b) => WithoutNan(g, a, b, g.Maximum(a, b))),
        ["Fmin"] = Binary((g, a, b) => WithoutNan(g, a, b, g.Minimum(a, b))),
        ["Fmod"] = Strict((g, a, b) => g.Fmod(a, b)),
        ["Gcd"] = Strict((g, a, b) => g.Gcd(a, b)),
        ["Heaviside"] = Strict((g, a, b) => g.Heaviside(a, b), KerasType.Float),
        ["Hypot"] = Strict((g, a, b) => g.Hypot(a, b), KerasType.Float),
        ["Lcm"] = Strict((g, a, b) => g.Lcm(a, b)),
        ["Ldexp"] = Strict((g, a, b) => g.Mul(a, g.Exp2(b)), KerasType.Float),
        ["LeftShift"] = Binary((g, a, b) => g.ShiftLeft(a, b)),
        ["Logaddexp"] = Strict((g, a, b) => g.LogAddExp(a, b), KerasType.Float),
        ["Logaddexp2"] = Strict((g, a, b) => g.Mul(g.LogAddExp(g.Mul(a, Ln2), g.Mul(b, Ln2)), 1 / Ln2), KerasType.Float),
        ["Maximum"] = Binary((g, a, b) => g.Maximum(a, b)),
        ["Minimum"] = Binary((g, a, b) => g.Minimum(a, b)),
        ["Mod"] = Strict((g, a, b) => g.Mod(a, b)),
        ["Nextafter"] = Strict(NextAfter, KerasType.Float),
        ["Power"] = Binary((g, a, b) => g.Pow(a, b)),
        ["RightShift"] = Binary((g, a, b) => g.ShiftRight(a, b)),
        ["Subtract"] = Binary((g, a, b) => g.Sub(a, b)),
        ["TrueDivide"] = Binary((g, a, b) => g.Div(a, b), KerasType.Float),

        // More
    };

    private const double Ln2 = 0.6931471805599453;

    /// <summary>NaN and the infinities replaced; by default by 0 and by the ends of the type.</summary>
    internal static Value NanToNum(OperationCall c, Value x, double nan, double? positive, double? negative)
    {
        GraphBuilder g = c.Graph;
        if (!x.DType.IsFloating())
        {
            return x;
        }

        double largest = x.DType switch { DType.Float16 => 65504, DType.BFloat16 => 3.3895313892515355e38, DType.Float64 => double.MaxValue, _ => float.MaxValue };
        x = g.Where(g.IsNaN(x), g.Scalar(nan, x.DType), x);
        x = g.Where(g.IsInf(x, negative: false), g.Scalar(positive ?? largest, x.DType), x);
        return g.Where(g.IsInf(x, positive: false), g.Scalar(negative ?? -largest, x.DType), x);
    }

    private static Value Sinc(GraphBuilder g, Value x)
    {
        Value scaled = g.Mul(x, Math.PI);
        return g.Where(g.Equal(x, 0), g.Scalar(1, x.DType), g.Div(g.Sin(scaled), scaled));
    }

    private static Value BitwiseNot(GraphBuilder g, Value x) => x.DType == DType.Bool ? g.Not(x) : g.BitwiseNot(x);

    private static Func<GraphBuilder, Value, Value, Value> OfFlags(Func<GraphBuilder, Value, Value, Value> flags, Func<GraphBuilder, Value, Value, Value> integers) =>
        (g, a, b) => a.DType == DType.Bool ? flags(g, a, b) : integers(g, a, b);

    private static Value Clip(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        x = x.DType == DType.Bool ? g.Cast(x, DType.Int32) : x;
        return g.Minimum(g.Maximum(x, Bound("x_min")), Bound("x_max"));

        Value Bound(string name) => c.Parameter(name) is { } token
            ? g.Cast(g.Constant(JsonTensor.Read(token, DType.Float64, c.Config.Place)), x.DType)
            : g.Cast(c.Tensor(-1, name), x.DType);
    }

    private static Value Round(OperationCall c, Value x)
    {
        GraphBuilder g = c.Graph;
        int decimals = c.Int("decimals", 0);
        if (decimals == 0 || (x.DType.IsInteger() && decimals > 0))
        {
            return x.DType.IsFloating() ? g.Round(x) : x;
        }

        Value scaled = ToFloating(g, x);
        Value factor = g.Scalar(Math.Pow(10, decimals), scaled.DType);
        return g.Cast(g.Div(g.Round(g.Mul(scaled, factor)), factor), x.DType);
    }

    private static Value FloorDivide(GraphBuilder g, Value a, Value b) => a.DType.IsFloating() ? g.Floor(g.Div(a, b)) : g.FloorDiv(a, b);

    internal static Value DivideNoNan(GraphBuilder g, Value a, Value b)
    {
        Value isZero = g.Equal(b, 0);
        return g.Where(isZero, g.Scalar(0, a.DType), g.Div(a, g.Where(isZero, g.Scalar(1, b.DType), b)));
    }

    private static Value WithoutNan(GraphBuilder g, Value a, Value b, Value extreme) => !a.DType.IsFloating()
        ? extreme
        : g.Where(g.IsNaN(a), b, g.Where(g.IsNaN(b), a, extreme));

    // Keras on TensorFlow takes the neighbour among doubles and rounds it.
    private static Value NextAfter(GraphBuilder g, Value a, Value b) =>
        g.Cast(g.NextAfter(g.Cast(a, DType.Float64), g.Cast(b, DType.Float64)), a.DType);
}
