namespace KerasCompat.Runtime.Tests.Ops;

public sealed class BinaryOpTests
{
    private static readonly (double, double)[] Pairs =
    [
        .. from a in (double[])[-7, -3, -1, 0, 1, 2, 5, 7] from b in (double[])[-4, -1, 1, 2, 3] select (a, b),
    ];

    private static readonly (double, double)[] FloatPairs =
    [
        .. Pairs, (1.5, 0.5), (-1.5, 0.5), (0.25, -3), (1, 0), (-1, 0), (0, 0),
        (double.NaN, 1), (1, double.NaN), (double.PositiveInfinity, 2), (2, double.PositiveInfinity), (double.NegativeInfinity, -1.5),
    ];

    private sealed record Case(Func<GraphBuilder, Value, Value, Value> Apply, Func<double, double, double> Formula, double Ulps = 1);

    private static readonly Dictionary<string, Case> Numbers = new()
    {
        ["Add"] = new((g, a, b) => g.Add(a, b), (a, b) => a + b),
        ["Sub"] = new((g, a, b) => g.Sub(a, b), (a, b) => a - b),
        ["Mul"] = new((g, a, b) => g.Mul(a, b), (a, b) => a * b),
        ["SquaredDifference"] = new((g, a, b) => g.SquaredDifference(a, b), (a, b) => (a - b) * (a - b)),
        ["Maximum"] = new((g, a, b) => g.Maximum(a, b), Math.Max),
        ["Minimum"] = new((g, a, b) => g.Minimum(a, b), Math.Min),
        ["FloorDiv"] = new((g, a, b) => g.FloorDiv(a, b), (a, b) => Math.Floor(a / b)),
        ["Mod"] = new((g, a, b) => g.Mod(a, b), Mod),
        ["Fmod"] = new((g, a, b) => g.Fmod(a, b), (a, b) => a % b),
    };

    private static readonly Dictionary<string, Case> Floats = new()
    {
        ["Div"] = new((g, a, b) => g.Div(a, b), (a, b) => a / b),
        ["Pow"] = new((g, a, b) => g.Pow(a, b), Math.Pow),
        ["Atan2"] = new((g, a, b) => g.Atan2(a, b), Math.Atan2),
        ["Hypot"] = new((g, a, b) => g.Hypot(a, b), (a, b) => Math.Sqrt((a * a) + (b * b)), 2),
        ["LogAddExp"] = new((g, a, b) => g.LogAddExp(a, b), (a, b) => a == b ? a + Math.Log(2) : Math.Max(a, b) + Math.Log(1 + Math.Exp(-Math.Abs(a - b))), 40),
        ["CopySign"] = new((g, a, b) => g.CopySign(a, b), Math.CopySign),
        ["Heaviside"] = new((g, a, b) => g.Heaviside(a, b), (a, b) => double.IsNaN(a) ? a : a == 0 ? b : a > 0 ? 1 : 0),
        ["PRelu"] = new((g, a, b) => g.PRelu(a, b), (a, b) => a < 0 ? a * b : a),
    };

    private static readonly Dictionary<string, Case> Whole = new()
    {
        ["TruncDiv"] = new((g, a, b) => g.TruncDiv(a, b), (a, b) => Math.Truncate(a / b)),
        ["Gcd"] = new((g, a, b) => g.Gcd(a, b), (a, b) => Gcd((int)a, (int)b)),
        ["Lcm"] = new((g, a, b) => g.Lcm(a, b), (a, b) => a == 0 ? 0 : Math.Abs(a * b) / Gcd((int)a, (int)b)),
        ["BitwiseAnd"] = new((g, a, b) => g.BitwiseAnd(a, b), (a, b) => (long)a & (long)b),
        ["BitwiseOr"] = new((g, a, b) => g.BitwiseOr(a, b), (a, b) => (long)a | (long)b),
        ["BitwiseXor"] = new((g, a, b) => g.BitwiseXor(a, b), (a, b) => (long)a ^ (long)b),
    };

    private static readonly Dictionary<string, Case> Comparisons = new()
    {
        ["Equal"] = new((g, a, b) => g.Equal(a, b), (a, b) => a == b ? 1 : 0),
        ["NotEqual"] = new((g, a, b) => g.NotEqual(a, b), (a, b) => a != b ? 1 : 0),
        ["Less"] = new((g, a, b) => g.Less(a, b), (a, b) => a < b ? 1 : 0),
        ["LessEqual"] = new((g, a, b) => g.LessEqual(a, b), (a, b) => a <= b ? 1 : 0),
        ["Greater"] = new((g, a, b) => g.Greater(a, b), (a, b) => a > b ? 1 : 0),
        ["GreaterEqual"] = new((g, a, b) => g.GreaterEqual(a, b), (a, b) => a >= b ? 1 : 0),
    };

    public static TheoryData<string, DType> NumberCases => Values.Cases(Numbers.Keys.Concat(Comparisons.Keys), Values.Numeric);

    public static TheoryData<string, DType> FloatCases => Values.Cases(Floats.Keys, Values.Floating);

    public static TheoryData<string, DType> WholeCases => Values.Cases(Whole.Keys, Values.Integers);

    [Theory]
    [MemberData(nameof(NumberCases))]
    public void NumericOperatorsTakeEveryNumber(string name, DType type) =>
        Check(Numbers.GetValueOrDefault(name) ?? Comparisons[name], name, type);

    [Theory]
    [MemberData(nameof(FloatCases))]
    public void FunctionsAreTheirFormulas(string name, DType type) => Check(Floats[name], name, type);

    [Theory]
    [MemberData(nameof(WholeCases))]
    public void IntegerOperatorsTakeEveryInteger(string name, DType type) => Check(Whole[name], name, type);

    [Theory]
    [InlineData(new int[0], new int[0])]
    [InlineData(new int[0], new[] { 3 })]
    [InlineData(new[] { 5 }, new[] { 5 })]
    [InlineData(new[] { 1 }, new[] { 5 })]
    [InlineData(new[] { 2, 3 }, new[] { 3 })]
    [InlineData(new[] { 2, 3 }, new[] { 2, 1 })]
    [InlineData(new[] { 2, 1 }, new[] { 1, 3 })]
    [InlineData(new[] { 4, 1, 3 }, new[] { 2, 1 })]
    [InlineData(new[] { 2, 1, 4, 1 }, new[] { 3, 1, 5 })]
    [InlineData(new[] { 1, 1, 1 }, new[] { 1, 1 })]
    [InlineData(new[] { 0, 3 }, new[] { 3 })]
    [InlineData(new[] { 3, 17, 33 }, new[] { 17, 33 })]
    [InlineData(new[] { 2, 3, 4, 5 }, new[] { 2, 1, 1, 5 })]
    [InlineData(new[] { 700, 3 }, new[] { 3 })]
    [InlineData(new[] { 40, 30, 26 }, new[] { 26 })]
    [InlineData(new[] { 26, 26 }, new[] { 26, 1 })]
    public void ShapesBroadcast(int[] left, int[] right) => AssertBroadcast(left, right);

    /// <summary>Rows, columns and squares have lengths in common: every pair of shapes of up to three axes of one to three elements.</summary>
    [Fact]
    public void EveryPairOfSmallShapesBroadcasts()
    {
        int[][] shapes = [.. Shapes(0), .. Shapes(1), .. Shapes(2), .. Shapes(3)];
        foreach (int[] left in shapes)
        {
            foreach (int[] right in shapes.Where(right => left.Reverse().Zip(right.Reverse()).All(size => size.First == size.Second || size.First == 1 || size.Second == 1)))
            {
                AssertBroadcast(left, right);
            }
        }

        static IEnumerable<int[]> Shapes(int rank) =>
            rank == 0 ? [[]] : Shapes(rank - 1).SelectMany(shape => Enumerable.Range(1, 3).Select(size => (int[])[.. shape, size]));
    }

    private static void AssertBroadcast(int[] left, int[] right)
    {
        Tensor a = Values.Random(DType.Float32, 1, left), b = Values.Random(DType.Float32, 2, right);
        Check(a, b, OpTest.Run((g, v) => g.Sub(v[0], v[1]), a, b));
        Check(b, a, OpTest.Run((g, v) => g.Sub(v[0], v[1]), b, a));

        // By the loops over vector registers.
        Tensor slope = OpTest.Run((g, v) => g.PRelu(v[0], v[1]), a, b);
        Values.AssertClose(Reference(a, b, slope.Shape, (x, s) => x < 0 ? s * x : x), slope, 0);

        static void Check(Tensor a, Tensor b, Tensor y) => Values.AssertClose(Reference(a, b, y.Shape, (x, z) => x - z), y, 0);
    }

    [Fact]
    public void TextsAreEqualOrNot()
    {
        Tensor a = Tensor.From(["a", "B", "c"], 3, 1), b = Tensor.From(["a", "b"], 2);
        Assert.Equal([1, 0, 0, 0, 0, 0], OpTest.Run((g, v) => g.Equal(v[0], v[1]), a, b).Doubles());
        Assert.Equal([0, 1, 1, 1, 1, 1], OpTest.Run((g, v) => g.NotEqual(v[0], v[1]), a, b).Doubles());
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.Less(v[0], v[1]), a, b));
    }

    [Fact]
    public void BoolsAreComparedAndCombined()
    {
        Tensor a = Tensor.From([false, false, true, true], 4), b = Tensor.From([false, true, false, true], 4);
        Tensor[] y = OpTest.RunAll(
            (g, v) => [g.And(v[0], v[1]), g.Or(v[0], v[1]), g.Xor(v[0], v[1]), g.Equal(v[0], v[1]), g.Less(v[0], v[1])], a, b);
        Assert.All(y, t => Assert.Equal(DType.Bool, t.DType));
        Assert.Equal([0, 0, 0, 1], y[0].Doubles());
        Assert.Equal([0, 1, 1, 1], y[1].Doubles());
        Assert.Equal([0, 1, 1, 0], y[2].Doubles());
        Assert.Equal([1, 0, 0, 1], y[3].Doubles());
        Assert.Equal([0, 1, 0, 0], y[4].Doubles());
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.Add(v[0], v[1]), a, b));
    }

    [Fact]
    public void LargeUnsignedNumbersKeepTheirOrder()
    {
        Tensor a = Tensor.From([ulong.MaxValue, 1UL << 63], 2), b = Tensor.From([5UL, 3UL], 2);
        Assert.Equal([1, 1], OpTest.Run((g, v) => g.Greater(v[0], v[1]), a, b).Doubles());
        Assert.Equal([ulong.MaxValue / 5, (1UL << 63) / 3], OpTest.Run((g, v) => g.FloorDiv(v[0], v[1]), a, b).As<ulong>().ToArray());
    }

    [Fact]
    public void IntegerDivisionNeverTraps()
    {
        Tensor a = Tensor.From([int.MinValue, 5, -5], 3), b = Tensor.From([-1, 0, 0], 3);
        Assert.Equal([int.MinValue, 0, 0], OpTest.Run((g, v) => g.FloorDiv(v[0], v[1]), a, b).As<int>().ToArray());
        Assert.Equal([0, 0, 0], OpTest.Run((g, v) => g.Mod(v[0], v[1]), a, b).As<int>().ToArray());
    }

    [Fact]
    public void IntegerPowersAreWhole()
    {
        Assert.Equal([1, -27, 16], OpTest.Run((g, v) => g.Pow(v[0], v[1]), Tensor.From([5, -3, 2], 3), Tensor.From([0, 3, 4], 3)).Doubles());
        Assert.ThrowsAny<ArgumentException>(() => OpTest.Run((g, v) => g.Pow(v[0], -1), Tensor.From([2], 1)));
    }

    [Theory]
    [InlineData(DType.Int8)]
    [InlineData(DType.Int32)]
    [InlineData(DType.Int64)]
    public void ShiftsBeyondTheWidthLeaveTheSign(DType type)
    {
        Tensor a = Values.Of(type, new Shape(4), 3, -5, -5, 1), b = Values.Of(type, new Shape(4), 2, 1, 100, 100);
        Assert.Equal([12, -10, 0, 0], OpTest.Run((g, v) => g.ShiftLeft(v[0], v[1]), a, b).Doubles());
        Assert.Equal([0, -3, -1, 0], OpTest.Run((g, v) => g.ShiftRight(v[0], v[1]), a, b).Doubles());
    }

    [Fact]
    public void TheNextNumberIsTheTypesOwn()
    {
        Assert.Equal(BitConverter.UInt16BitsToHalf(0x3C01), OpTest.Run((g, v) => g.NextAfter(v[0], v[1]), Tensor.From([(Half)1], 1), Tensor.From([(Half)2], 1)).As<Half>()[0]);
        Assert.Equal(MathF.BitDecrement(1), OpTest.Run((g, v) => g.NextAfter(v[0], v[1]), Tensor.From([1f], 1), Tensor.From([0f], 1)).As<float>()[0]);
    }

    [Fact]
    public void SizesAreComputedFromSizes()
    {
        var g = new GraphBuilder();
        Value a = g.Vector(2, 3), b = g.Vector(4);
        Assert.Equal([8, 12], g.Mul(a, b).Constant!.Doubles());
        Value table = g.Add(g.Reshape(a, [2, 1]), g.Reshape(a, [1, 2]));
        Assert.Equal([4, 5, 5, 6], table.Constant!.Doubles());
    }

    [Fact]
    public void TypesMustAgree() =>
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.Add(v[0], v[1]), Tensor.From([1f], 1), Tensor.From([1], 1)));

    [Fact]
    public void ASizeThatDoesNotBroadcastIsFoundBeforeTheRun()
    {
        Tensor[] inputs = [Tensor.Zeros(DType.Float32, new Shape(3)), Tensor.Zeros(DType.Float32, new Shape(5))];
        Assert.Throws<ModelFormatException>(() => OpTest.RunPlanned((g, v) => [g.Add(v[0], v[1])], inputs, (_, _, n) => n));
        Assert.Throws<ArgumentException>(() => OpTest.RunPlanned((g, v) => [g.Add(v[0], v[1])], inputs, (i, _, _) => Dim.Symbol($"s{i}")));
    }

    private static void Check(Case c, string name, DType type)
    {
        IEnumerable<(double, double)> pairs = type.IsFloating() ? FloatPairs
            : type.IsUnsigned() ? Pairs.Where(p => p is { Item1: >= 0, Item2: > 0 } && (name is not "Sub" || p.Item1 >= p.Item2))
            : Pairs;
        if (name == "LogAddExp")
        {
            pairs = pairs.Where(p => double.IsFinite(p.Item1) && double.IsFinite(p.Item2));
        }
        else if (type.IsFloating() && name is "FloorDiv" or "Mod")
        {
            pairs = pairs.Where(p => double.IsFinite(p.Item1 + p.Item2));
        }

        (double A, double B)[] all = [.. pairs];
        Tensor a = Values.Of(type, new Shape(all.Length), all.Select(p => p.A)), b = Values.Of(type, new Shape(all.Length), all.Select(p => p.B));
        Tensor y = OpTest.Run((g, v) => c.Apply(g, v[0], v[1]), a, b);
        Values.AssertClose([.. a.Doubles().Zip(b.Doubles(), c.Formula)], y, type == DType.Float64 ? c.Ulps + 4 : c.Ulps, name);
    }

    private static double[] Reference(Tensor a, Tensor b, Shape result, Func<double, double, double> formula)
    {
        double[] x = a.Doubles(), z = b.Doubles();
        var y = new double[result.ElementCount];
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = formula(x[Source(a.Shape)], z[Source(b.Shape)]);

            int Source(Shape shape)
            {
                int rest = i, offset = 0, stride = 1;
                for (int axis = result.Rank - 1; axis >= 0; axis--)
                {
                    int own = axis - (result.Rank - shape.Rank), at = rest % result[axis];
                    rest /= result[axis];
                    if (own >= 0)
                    {
                        offset += (shape[own] == 1 ? 0 : at) * stride;
                        stride *= shape[own];
                    }
                }

                return offset;
            }
        }

        return y;
    }

    private static double Mod(double a, double b)
    {
        double rest = a % b;
        return rest != 0 && rest < 0 != b < 0 ? rest + b : rest;
    }

    private static int Gcd(int a, int b) => b == 0 ? Math.Abs(a) : Gcd(b, a % b);
}
