using MathNet.Numerics;

namespace KerasCompat.Runtime.Tests.Ops;

public sealed class UnaryOpTests
{
    private static readonly double[] Line =
    [
        double.NaN, double.PositiveInfinity, double.NegativeInfinity, 0, -0.0, 1, -1, 1e-3, -1e-3, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5,
        .. Enumerable.Range(-40, 81).Select(i => i / 8.0), 20, -20, 88, -87,
    ];

    private static readonly double[] Unit = [double.NaN, 0, 1, -1, 1e-3, -1e-3, .. Enumerable.Range(-15, 31).Select(i => i / 16.0)];

    private static readonly double[] Positive = [double.NaN, double.PositiveInfinity, 0, 1, 1e-3, 1e-5, .. Enumerable.Range(1, 70).Select(i => i * i / 16.0), 1e4];

    private sealed record Case(Func<GraphBuilder, Value, Value> Apply, Func<double, double> Formula, double[] Points, double Ulps = 2);

    private static readonly Dictionary<string, Case> Functions = new()
    {
        ["Reciprocal"] = new((g, x) => g.Reciprocal(x), x => 1 / x, Line),
        ["Sqrt"] = new((g, x) => g.Sqrt(x), Math.Sqrt, Line),
        ["Rsqrt"] = new((g, x) => g.Rsqrt(x), x => 1 / Math.Sqrt(x), Positive),
        ["Cbrt"] = new((g, x) => g.Cbrt(x), Math.Cbrt, Line),
        ["Exp"] = new((g, x) => g.Exp(x), Math.Exp, Line),
        ["Expm1"] = new((g, x) => g.Expm1(x), Expm1, Line, 3),
        ["Exp2"] = new((g, x) => g.Exp2(x), x => Math.Pow(2, x), Line),
        ["Log"] = new((g, x) => g.Log(x), Math.Log, [.. Line, .. Positive]),
        ["Log1p"] = new((g, x) => g.Log1p(x), Log1p, Line, 3),
        ["Log2"] = new((g, x) => g.Log2(x), Math.Log2, Positive),
        ["Log10"] = new((g, x) => g.Log10(x), Math.Log10, Positive),
        ["Sin"] = new((g, x) => g.Sin(x), Math.Sin, Line),
        ["Cos"] = new((g, x) => g.Cos(x), Math.Cos, Line),
        ["Tan"] = new((g, x) => g.Tan(x), Math.Tan, Line),
        ["Asin"] = new((g, x) => g.Asin(x), Math.Asin, Line),
        ["Acos"] = new((g, x) => g.Acos(x), Math.Acos, Line),
        ["Atan"] = new((g, x) => g.Atan(x), Math.Atan, Line),
        ["Sinh"] = new((g, x) => g.Sinh(x), Math.Sinh, Line),
        ["Cosh"] = new((g, x) => g.Cosh(x), Math.Cosh, Line),
        ["Tanh"] = new((g, x) => g.Tanh(x), Math.Tanh, Line, 3),
        ["Asinh"] = new((g, x) => g.Asinh(x), Math.Asinh, Line),
        ["Acosh"] = new((g, x) => g.Acosh(x), Math.Acosh, Positive),
        ["Atanh"] = new((g, x) => g.Atanh(x), Math.Atanh, Unit),
        ["Erf"] = new((g, x) => g.Erf(x), SpecialFunctions.Erf, Line, 4),
        ["Erfc"] = new((g, x) => g.Erfc(x), SpecialFunctions.Erfc, [.. Unit, 2, 4, -4, 9], 40),
        ["Erfinv"] = new((g, x) => g.Erfinv(x), SpecialFunctions.ErfInv, Unit, 8),
        ["Floor"] = new((g, x) => g.Floor(x), Math.Floor, Line, 0),
        ["Ceil"] = new((g, x) => g.Ceil(x), Math.Ceiling, Line, 0),
        ["Trunc"] = new((g, x) => g.Trunc(x), Math.Truncate, Line, 0),
        ["Round"] = new((g, x) => g.Round(x), Math.Round, Line, 0),
        ["Sigmoid"] = new((g, x) => g.Sigmoid(x), x => 1 / (1 + Math.Exp(-x)), Line, 3),
        ["HardSigmoid"] = new((g, x) => g.HardSigmoid(x, 0.25, 0.5), x => Math.Clamp((x * 0.25) + 0.5, 0, 1), Line),
        ["LeakyRelu"] = new((g, x) => g.LeakyRelu(x, 0.25), x => x < 0 ? 0.25 * x : x, Line),
        ["Elu"] = new((g, x) => g.Elu(x, 1.5), x => x > 0 ? x : 1.5 * Expm1(x), Line, 3),
        ["Selu"] = new((g, x) => g.Selu(x), x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Expm1(x)), Line, 4),
        ["Celu"] = new((g, x) => g.Celu(x, 2), x => Math.Max(x, 0) + (2 * Expm1(Math.Min(x, 0) / 2)), Line, 3),
        ["Softplus"] = new((g, x) => g.Softplus(x), x => Math.Max(x, 0) + Log1p(Math.Exp(-Math.Abs(x))), Line, 3),
        ["Softsign"] = new((g, x) => g.Softsign(x), x => x / (1 + Math.Abs(x)), Line),
        ["Gelu"] = new((g, x) => g.Gelu(x), x => 0.5 * x * SpecialFunctions.Erfc(-x / Math.Sqrt(2)), Enumerable.Range(-8, 40).Select(i => i / 8.0).ToArray(), 6),
        ["GeluTanh"] = new((g, x) => g.Gelu(x, true), x => 0.5 * x * (1 + Math.Tanh(Math.Sqrt(2 / Math.PI) * (x + (0.044715 * x * x * x)))), Enumerable.Range(-8, 40).Select(i => i / 8.0).ToArray(), 8),
        ["Mish"] = new((g, x) => g.Mish(x), x => x * Math.Tanh(Log1p(Math.Exp(x))), Enumerable.Range(-40, 81).Select(i => i / 8.0).ToArray(), 8),
        ["Swish"] = new((g, x) => g.Swish(x), x => x / (1 + Math.Exp(-x)), Enumerable.Range(-40, 81).Select(i => i / 8.0).ToArray(), 3),
        ["ThresholdedRelu"] = new((g, x) => g.ThresholdedRelu(x, 0.5), x => x > 0.5 || double.IsNaN(x) ? x : 0, Line),
        ["HardSwish"] = new((g, x) => g.HardSwish(x), x => x * Math.Clamp((x / 6) + 0.5, 0, 1), Enumerable.Range(-40, 81).Select(i => i / 8.0).ToArray(), 6),
        ["LogSigmoid"] = new((g, x) => g.LogSigmoid(x), x => Math.Min(x, 0) - Log1p(Math.Exp(-Math.Abs(x))), Line, 3),
        ["SoftShrink"] = new((g, x) => g.SoftShrink(x), x => x > 0.5 ? x - 0.5 : x < -0.5 ? x + 0.5 : 0, Line),
        ["HardShrink"] = new((g, x) => g.HardShrink(x), x => Math.Abs(x) > 0.5 ? x : 0, Line),
        ["HardTanh"] = new((g, x) => g.HardTanh(x), x => Math.Clamp(x, -1, 1), Line),
        ["Threshold"] = new((g, x) => g.Threshold(x, 0.5, 7), x => x > 0.5 ? x : 7, Line),
        ["Squareplus"] = new((g, x) => g.Squareplus(x), x => (x + Math.Sqrt((x * x) + 4)) / 2, Line.Where(x => Math.Abs(x) < 3).ToArray(), 6),
        ["SparsePlus"] = new((g, x) => g.SparsePlus(x), x => x <= -1 ? 0 : x < 1 ? (x + 1) * (x + 1) / 4 : x, Line, 3),
        ["SparseSigmoid"] = new((g, x) => g.SparseSigmoid(x), x => Math.Clamp((x + 1) / 2, 0, 1), Line),
        ["ReluGeneral"] = new((g, x) => g.Relu(x, 0.25, 3, 0.5), x => x > 0.5 ? Math.Min(x, 3) : 0.25 * (x - 0.5), Enumerable.Range(-40, 81).Select(i => i / 8.0).ToArray(), 2),
    };

    private static readonly Dictionary<string, Case> Numbers = new()
    {
        ["Neg"] = new((g, x) => g.Neg(x), x => -x, Line),
        ["Abs"] = new((g, x) => g.Abs(x), Math.Abs, Line),
        ["Sign"] = new((g, x) => g.Sign(x), x => double.IsNaN(x) ? x : Math.Sign(x), Line),
        ["Square"] = new((g, x) => g.Square(x), x => x * x, Line),
        ["Relu"] = new((g, x) => g.Relu(x), x => Math.Max(x, 0), Line),
        ["Relu6"] = new((g, x) => g.Relu6(x), x => Math.Clamp(x, 0, 6), Line),
        ["Clip"] = new((g, x) => g.Clip(x, -1), x => Math.Max(x, -1), Line),
    };

    public static TheoryData<string, DType> FunctionCases => Values.Cases(Functions.Keys, Values.Floating);

    public static TheoryData<string, DType> NumberCases => Values.Cases(Numbers.Keys, Values.Numeric);

    [Theory]
    [MemberData(nameof(FunctionCases))]
    public void FunctionsAreTheirFormulas(string name, DType type)
    {
        Case c = Functions[name];
        Tensor x = Values.Of(type, new Shape(c.Points.Length), c.Points);
        Tensor y = OpTest.Run((g, v) => c.Apply(g, v[0]), x);
        Assert.Equal(type, y.DType);

        // 16-bit results are rounded from float32: only a tie that float32's own error decides can go the other way.
        double ulps = type is DType.Float16 or DType.BFloat16 ? Math.Min(c.Ulps, 2) : c.Ulps;
        double[] expected = [.. x.Doubles().Select(c.Formula)];
        Values.AssertClose(expected, y, type == DType.Float64 ? ulps + 4 : ulps, name);
    }

    [Theory]
    [MemberData(nameof(NumberCases))]
    public void NumericOperatorsTakeEveryNumber(string name, DType type)
    {
        Case c = Numbers[name];
        double[] points = type.IsFloating() ? c.Points : type.IsUnsigned() ? [0, 1, 2, 7, 15] : [0, 1, -1, 5, -5, 11, -11];
        Tensor x = Values.Of(type, new Shape(points.Length), points);
        if (type.IsUnsigned() && name == "Clip")
        {
            return;
        }

        Tensor y = OpTest.Run((g, v) => c.Apply(g, v[0]), x);
        double[] expected = [.. x.Doubles().Select(c.Formula)];
        if (type.IsUnsigned() && name == "Neg")
        {
            expected = [.. expected.Select(v => v == 0 ? 0 : Math.Pow(2, 8 * type.Size()) + v)];
        }

        Values.AssertClose(expected, y, 1, name);
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    public void TestsOfSpecialNumbers(DType type)
    {
        Tensor x = Values.Of(type, new Shape(4), double.NaN, double.PositiveInfinity, double.NegativeInfinity, 1);
        Tensor[] y = OpTest.RunAll((g, v) => [g.IsNaN(v[0]), g.IsInf(v[0]), g.IsInf(v[0], negative: false), g.IsInf(v[0], positive: false), g.IsFinite(v[0])], x);
        Assert.All(y, t => Assert.Equal(DType.Bool, t.DType));
        Assert.Equal([1, 0, 0, 0], y[0].Doubles());
        Assert.Equal([0, 1, 1, 0], y[1].Doubles());
        Assert.Equal([0, 1, 0, 0], y[2].Doubles());
        Assert.Equal([0, 0, 1, 0], y[3].Doubles());
        Assert.Equal([0, 0, 0, 1], y[4].Doubles());
    }

    [Theory]
    [InlineData(0.0, 1.0)]
    [InlineData(1.0, 1.2660658777520083356)]
    [InlineData(-5.0, 27.23987182360444689)]
    [InlineData(29.5, 478144163888.0398042)]
    [InlineData(35.0, 107338818494514.06357)]
    [InlineData(700.0, 1.5295933476718739e302)]
    public void TheBesselFunctionIsExactToTheLastDigits(double x, double expected) =>
        Values.AssertClose([expected], OpTest.Run((g, v) => g.BesselI0(v[0]), Tensor.From([x], 1)), 64);

    [Fact]
    public void BitsAreReadAsAnotherType()
    {
        Tensor y = OpTest.Run((g, v) => g.BitCast(v[0], DType.Int32), Tensor.From([1f, -0f], 2));
        Assert.Equal([0x3F800000, int.MinValue], y.As<int>().ToArray());
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.BitCast(v[0], DType.Int64), Tensor.From([1f], 1)));
    }

    [Fact]
    public void NotTurnsOver() =>
        Assert.Equal([0, 1], OpTest.Run((g, v) => g.Not(v[0]), Tensor.From([true, false], 2)).Doubles());

    [Fact]
    public void BitwiseNotTurnsEveryBit() =>
        Assert.Equal([254, 0], OpTest.Run((g, v) => g.BitwiseNot(v[0]), Tensor.From<byte>([1, 255], 2)).Doubles());

    [Fact]
    public void TheSmallestIntegerHasNoPositiveAndStays()
    {
        Tensor x = Tensor.From([int.MinValue], 1);
        Assert.Equal(int.MinValue, OpTest.Run((g, v) => g.Abs(v[0]), x).As<int>()[0]);
        Assert.Equal(int.MinValue, OpTest.Run((g, v) => g.Neg(v[0]), x).As<int>()[0]);
    }

    [Fact]
    public void AFunctionOfIntegersIsRefused() =>
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.Exp(v[0]), Tensor.From([1], 1)));

    [Theory]
    [InlineData(0.0, 0.0)]
    [InlineData(0.5, 0.5204998778130465377)]
    [InlineData(1.0, 0.8427007929497148693)]
    [InlineData(1.9, 0.9927904292352574700)]
    [InlineData(2.1, 0.9970205333436670144)]
    [InlineData(-3.0, -0.9999779095030014146)]
    [InlineData(1e-10, 1.1283791670955125739e-10)]
    public void TheErrorFunctionIsExactToTheLastDigits(double x, double expected) =>
        Assert.Equal(expected, ErrorFunction.Erf(x), 4e-16 * Math.Max(Math.Abs(expected), 1e-300));

    [Theory]
    [InlineData(0.5, 0.4795001221869534623)]
    [InlineData(1.0, 0.1572992070502851307)]
    [InlineData(3.0, 2.2090496998585441373e-5)]
    [InlineData(10.0, 2.0884875837625447570e-45)]
    [InlineData(25.0, 8.3001725711965231e-274)]
    [InlineData(-1.0, 1.8427007929497148693)]
    public void ItsComplementToo(double x, double expected) =>
        Assert.Equal(expected, ErrorFunction.Erfc(x), 1e-14 * expected);

    [Fact]
    public void ItsInverseUndoesIt()
    {
        foreach (double y in Enumerable.Range(-48, 97).Select(i => i / 10.0))
        {
            double tolerance = 4e-16 * Math.Exp(y * y);
            Assert.Equal(y, ErrorFunction.Inverse(ErrorFunction.Erf(y)), Math.Max(tolerance, 4e-15));
        }

        Assert.Equal(1e-20, ErrorFunction.Inverse(1.1283791670955125739e-20), 1e-34);
    }

    [Theory]
    [InlineData(1e-300)]
    [InlineData(1e-9)]
    [InlineData(-1e-5)]
    [InlineData(0.3)]
    [InlineData(-0.9)]
    [InlineData(12.0)]
    public void NearZeroNothingIsLost(double x)
    {
        Assert.Equal(Expm1(x), NearZero.Expm1(x), 4e-16 * Math.Abs(x) * Math.Max(1, Math.Exp(x)));
        Assert.Equal(Log1p(x), NearZero.Log1p(x), 4e-16 * Math.Max(Math.Abs(x), Math.Abs(Log1p(x))));
    }

    // By their series near zero, independently of what is tested.
    private static double Expm1(double x)
    {
        if (!(Math.Abs(x) < 0.5))
        {
            return Math.Exp(x) - 1;
        }

        double sum = 0, term = 1;
        for (int n = 1; n < 20; n++)
        {
            term *= x / n;
            sum += term;
        }

        return sum;
    }

    private static double Log1p(double x)
    {
        if (!(Math.Abs(x) < 0.5))
        {
            return Math.Log(1 + x);
        }

        double z = x / (2 + x), sum = 0;
        for (int n = 45; n >= 1; n -= 2)
        {
            sum = (sum * z * z) + (2.0 / n);
        }

        return sum * z;
    }
}
