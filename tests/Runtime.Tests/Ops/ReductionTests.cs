namespace KerasCompat.Runtime.Tests.Ops;

public sealed class ReductionTests
{
    private sealed record Case(Func<GraphBuilder, Value, EquatableList<int>, bool, Value> Apply, Func<double[], double> Formula, double Ulps = 2);

    private static readonly Dictionary<string, Case> Numbers = new()
    {
        ["ReduceSum"] = new((g, x, axes, keep) => g.ReduceSum(x, axes, keep), x => x.Sum()),
        ["ReduceProd"] = new((g, x, axes, keep) => g.ReduceProd(x, axes, keep), x => x.Aggregate(1.0, (a, b) => a * b), 8),
        ["ReduceMax"] = new((g, x, axes, keep) => g.ReduceMax(x, axes, keep), x => x.Max()),
        ["ReduceMin"] = new((g, x, axes, keep) => g.ReduceMin(x, axes, keep), x => x.Min()),
        ["ReduceSumSquare"] = new((g, x, axes, keep) => g.ReduceSumSquare(x, axes, keep), x => x.Sum(v => v * v)),
    };

    private static readonly Dictionary<string, Case> Floats = new()
    {
        ["ReduceMean"] = new((g, x, axes, keep) => g.ReduceMean(x, axes, keep), x => x.Average()),
        ["ReduceL1"] = new((g, x, axes, keep) => g.ReduceL1(x, axes, keep), x => x.Sum(Math.Abs)),
        ["ReduceL2"] = new((g, x, axes, keep) => g.ReduceL2(x, axes, keep), x => Math.Sqrt(x.Sum(v => v * v))),
        ["ReduceLogSumExp"] = new((g, x, axes, keep) => g.ReduceLogSumExp(x, axes, keep), x => Math.Log(x.Sum(Math.Exp)), 40),
        ["ReduceVariance"] = new((g, x, axes, keep) => g.ReduceVariance(x, axes, keep), x => x.Average() is var mean ? x.Average(v => (v - mean) * (v - mean)) : 0, 40),
    };

    public static TheoryData<string, DType> NumberCases => Values.Cases(Numbers.Keys, Values.Numeric);

    public static TheoryData<string, DType> FloatCases => Values.Cases(Floats.Keys, [DType.Float32, DType.Float64]);

    public static TheoryData<DType> NumericTypes => new(Values.Numeric);

    [Theory]
    [MemberData(nameof(NumberCases))]
    public void NumericReductionsTakeEveryNumber(string name, DType type)
    {
        // Products stay in range of int8: ones and twos.
        double[] numbers = name is "ReduceProd" or "ReduceSumSquare" ? [1, 2, 1, 1, 1, 2] : type.IsUnsigned() ? [3, 1, 4, 1, 5, 9] : [3, -1, 4, -1, 5, -9];
        Check(Numbers[name], Values.Of(type, new Shape(2, 3), numbers), [1], false);
        Check(Numbers[name], Values.Of(type, new Shape(2, 3), numbers), [0], true);
        Check(Numbers[name], Values.Of(type, new Shape(2, 3), numbers), [0, 1], false);
    }

    [Theory]
    [MemberData(nameof(FloatCases))]
    public void FloatingReductionsAreTheirFormulas(string name, DType type)
    {
        Check(Floats[name], Values.Random(type, 3, 3, 4, 5), [1], false);
        Check(Floats[name], Values.Random(type, 4, 3, 4, 5), [0, 2], true);
        Check(Floats[name], Values.Random(type, 5, 7), [0], false);
    }

    [Theory]
    [InlineData(new[] { 3, 4, 5 }, new[] { 0 })]
    [InlineData(new[] { 3, 4, 5 }, new[] { -1 })]
    [InlineData(new[] { 3, 4, 5 }, new[] { 2, 1 })]
    [InlineData(new[] { 3, 4, 5 }, new[] { 0, 1, 2 })]
    [InlineData(new[] { 3, 4, 5 }, new int[0])]
    [InlineData(new[] { 2, 3, 4, 5, 3 }, new[] { 0, 2, 4 })]
    [InlineData(new[] { 2, 3, 4, 5, 3 }, new[] { 1, 3 })]
    [InlineData(new[] { 2, 1, 4, 1, 3 }, new[] { 0, 2 })]
    [InlineData(new[] { 2, 1, 4, 1, 3 }, new[] { 1, 3 })]
    [InlineData(new[] { 1, 1 }, new[] { 0 })]
    [InlineData(new int[0], new int[0])]
    [InlineData(new[] { 300, 3 }, new[] { 0 })]
    [InlineData(new[] { 2, 257, 5, 130 }, new[] { 1, 3 })]
    [InlineData(new[] { 3, 10_000 }, new[] { 1 })]
    public void AxesOfManyShapes(int[] shape, int[] axes)
    {
        Tensor x = Values.Random(DType.Float32, 6, shape);
        Check(Numbers["ReduceSum"], x, [.. axes], false);
        Check(Numbers["ReduceMax"], x, [.. axes], true);
        Check(Floats["ReduceMean"], x, [.. axes], true);
        Check(Numbers["ReduceSumSquare"], x, [.. axes], false);
        Check(Floats["ReduceLogSumExp"], x, [.. axes], false);
        Tensor flags = OpTest.Run((g, v) => g.Greater(v[0], 0), x);
        Check(new Case((g, v, a, keep) => g.ReduceAny(v, a, keep), v => v.Max()), flags, [.. axes], false);
        Check(new Case((g, v, a, keep) => g.ReduceAll(v, a, keep), v => v.Min()), flags, [.. axes], true);
    }

    [Fact]
    public void OfNothingEveryReductionHasItsAnswer()
    {
        Tensor x = Values.Counting(DType.Float32, 2, 0), n = Values.Counting(DType.Int32, 2, 0), flags = Values.Counting(DType.Bool, 2, 0);
        Tensor[] y = OpTest.RunAll(
            (g, v) =>
            [
                g.ReduceSum(v[0], [1]), g.ReduceProd(v[0], [1]), g.ReduceMax(v[0], [1]), g.ReduceMin(v[0], [1]), g.ReduceMean(v[0], [1]),
                g.ReduceLogSumExp(v[0], [1]), g.ReduceMax(v[1], [1]), g.ReduceAny(v[2], [1]), g.ReduceAll(v[2], [1]), g.ReduceSum(v[0], [0]),
            ],
            x,
            n,
            flags);
        double[] expected = [0, 1, double.NegativeInfinity, double.PositiveInfinity, double.NaN, double.NegativeInfinity, int.MinValue, 0, 1];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal([expected[i], expected[i]], y[i].Doubles());
        }

        Assert.Equal(new Shape(0), y[^1].Shape);
    }

    [Fact]
    public void NaNAndInfinitiesGoThrough()
    {
        Tensor x = Tensor.From([1, float.NaN, 2, float.PositiveInfinity, 1, 2, float.NegativeInfinity, float.NegativeInfinity, float.NegativeInfinity], 3, 3);
        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity], OpTest.Run((g, v) => g.ReduceMax(v[0], [1]), x).Doubles());
        Assert.Equal([double.NaN, 1, double.NegativeInfinity], OpTest.Run((g, v) => g.ReduceMin(v[0], [1]), x).Doubles());
        Assert.Equal([double.NaN, double.PositiveInfinity, double.NegativeInfinity], OpTest.Run((g, v) => g.ReduceLogSumExp(v[0], [1]), x).Doubles());
        Assert.Equal([double.PositiveInfinity, double.NaN, 2], OpTest.Run((g, v) => g.ReduceMax(v[0], [0]), x).Doubles());
    }

    [Fact]
    public void LongSumsKeepTheirPrecision()
    {
        const int Count = 1 << 16;
        Tensor x = Values.Of(DType.Float32, new Shape(Count, 2), Enumerable.Repeat(0.1, 2 * Count));
        foreach (Tensor y in (Tensor[])[OpTest.Run((g, v) => g.ReduceSum(v[0], [0]), x), OpTest.Run((g, v) => g.ReduceSum(g.Transpose(v[0], [1, 0]), [1]), x)])
        {
            Values.AssertClose([Count * (double)0.1f, Count * (double)0.1f], y, 8);
        }
    }

    [Fact]
    public void LogSumExpDoesNotOverflow() =>
        Values.AssertClose([1000 + Math.Log(2)], OpTest.Run((g, v) => g.ReduceLogSumExp(v[0], [0]), Tensor.From([1000f, 1000f], 2)), 2);

    [Fact]
    public void SizesAreMultiplied()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Dim.Symbol("batch"), 4, 5));
        Assert.Equal(20, g.ReduceProd(g.Slice(g.Shape(x), 0, 1)).Constant!.Doubles()[0]);
        Assert.Equal("20*batch", g.ReduceProd(g.Shape(x)).Content![0].ToString());
        Assert.Throws<ModelFormatException>(() => g.ReduceSum(x, [0, -3]));
        Assert.Throws<ModelFormatException>(() => g.ReduceSum(x, [3]));
        Assert.Throws<ModelFormatException>(() => g.ReduceAny(x));
    }

    [Theory]
    [MemberData(nameof(NumericTypes))]
    public void TheFirstOfSeveralPlacesIsFound(DType type)
    {
        Tensor x = Values.Of(type, new Shape(2, 4), 1, 3, 3, 1, 5, 2, 2, 5);
        Tensor[] y = OpTest.RunAll((g, v) => [g.ArgMax(v[0]), g.ArgMin(v[0]), g.ArgMax(v[0], 0, keepDims: true)], x);
        Assert.All(y, t => Assert.Equal(DType.Int64, t.DType));
        Assert.Equal([1, 0], y[0].Doubles());
        Assert.Equal([0, 1], y[1].Doubles());
        Assert.Equal([1, 0, 0, 1], y[2].Doubles());
        Assert.Equal(new Shape(1, 4), y[2].Shape);
    }

    [Fact]
    public void PlacesOfNaNAndBool()
    {
        Tensor x = Tensor.From([1f, float.NaN, 9f, float.NaN], 4), flags = Tensor.From([false, true, true], 3);
        Assert.Equal(1, OpTest.Run((g, v) => g.ArgMax(v[0]), x).Doubles()[0]);
        Assert.Equal(1, OpTest.Run((g, v) => g.ArgMin(v[0]), x).Doubles()[0]);
        Assert.Equal(1, OpTest.Run((g, v) => g.ArgMax(v[0]), flags).Doubles()[0]);
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.ArgMax(v[0]), Values.Counting(DType.Float32, 0)));
    }

    private static void Check(Case c, Tensor x, EquatableList<int> axes, bool keepDims)
    {
        Tensor y = OpTest.Run((g, v) => c.Apply(g, v[0], axes, keepDims), x);
        HashSet<int> reduced = [.. axes.Select(axis => axis < 0 ? axis + x.Shape.Rank : axis)];
        int[] kept = [.. Enumerable.Range(0, x.Shape.Rank).Where(axis => !reduced.Contains(axis))];
        int[] shape = keepDims ? [.. x.Shape.Select((n, axis) => reduced.Contains(axis) ? 1 : n)] : [.. kept.Select(axis => x.Shape[axis])];
        Assert.Equal(new Shape(shape), y.Shape);
        double[] numbers = x.Doubles();
        double[] expected = [.. Values.Places(x.Shape).Select((at, i) => (Key: kept.Aggregate(0, (k, axis) => (k * x.Shape[axis]) + at[axis]), Number: numbers[i]))
            .GroupBy(p => p.Key, p => p.Number).OrderBy(group => group.Key).Select(group => c.Formula([.. group]))];
        Values.AssertClose(expected, y, c.Ulps);
    }
}
