namespace KerasCompat.Runtime.Tests.Ops;

public sealed class DynamicTests
{
    public static TheoryData<DType> Types => new(Values.All);

    [Theory]
    [MemberData(nameof(Types))]
    public void PlacesOfWhatIsNotZero(DType type)
    {
        Tensor x = type == DType.String
            ? new Tensor<string>(new[] { "", "a", "", "b", "", "c" }, new Shape(2, 3))
            : Values.Of(type, new Shape(2, 3), 0, 1, 0, 1, 0, 1);
        Tensor y = OpTest.Run((g, v) => g.NonZero(v[0]), x);
        Assert.Equal(new Shape(2, 3), y.Shape);
        Assert.Equal([0, 1, 1, 1, 0, 2], y.As<long>().ToArray().Select(v => (int)v));
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void SlicesAreKeptOrNot(DType type)
    {
        Tensor x = Values.Counting(type, 3, 4), condition = Tensor.From([true, false, true], 3);
        string[] texts = x.Texts();
        Assert.Equal([.. texts[..4], .. texts[8..]], OpTest.Run((g, v) => g.Compress(v[0], v[1]), x, condition).Texts());
        Assert.Equal(Values.Moved(x, new Shape(3, 2), at => [at[0], 2 * at[1]]), OpTest.Run((g, v) => g.Compress(v[0], v[1], 1), x, condition).Texts());
        Tensor mask = Values.Counting(DType.Bool, 3, 4);
        Tensor y = OpTest.Run((g, v) => g.BooleanMask(v[0], v[1]), x, mask);
        Assert.Equal(texts.Zip(mask.As<bool>().ToArray()).Where(p => p.Second).Select(p => p.First), y.Texts());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void DifferentElementsOnce(DType type)
    {
        Tensor x = type switch
        {
            DType.String => new Tensor<string>(new[] { "b", "a", "b", "c", "a" }, new Shape(5)),
            DType.Bool => new Tensor<bool>(new[] { true, false, true, true, false }, new Shape(5)),
            _ => Values.Of(type, new Shape(5), 5, 2, 5, 7, 2),
        };
        Tensor[] y = OpTest.RunAll((g, v) => g.Unique(v[0]) is var (a, b, c, d) ? [a, b, c, d] : [], x);
        string[] texts = x.Texts();
        if (type == DType.Bool)
        {
            Assert.Equal([0, 1], y[0].Doubles());
            Assert.Equal([2, 3], y[3].Doubles());
            return;
        }

        Assert.Equal([texts[1], texts[0], texts[3]], y[0].Texts());
        Assert.Equal([1, 0, 3], y[1].Doubles());
        Assert.Equal([1, 0, 1, 2, 0], y[2].Doubles());
        Assert.Equal([2, 2, 1], y[3].Doubles());
        Tensor[] met = OpTest.RunAll((g, v) => g.Unique(v[0], sorted: false) is var (a, b, c, d) ? [a, b, c, d] : [], x);
        Assert.Equal([texts[0], texts[1], texts[3]], met[0].Texts());
        Assert.Equal([0, 1, 3], met[1].Doubles());
        Assert.Equal([0, 1, 0, 2, 1], met[2].Doubles());
    }

    [Fact]
    public void DifferentSlicesOnce()
    {
        Tensor x = Values.Of(DType.Int32, new Shape(2, 4), 1, 0, 1, 1, 2, 5, 2, 0);
        Tensor[] y = OpTest.RunAll((g, v) => g.Unique(v[0], axis: 1) is var (a, b, c, d) ? [a, b, c, d] : [], x);
        Assert.Equal([0, 1, 1, 5, 0, 2], y[0].Doubles());
        Assert.Equal([1, 3, 0], y[1].Doubles());
        Assert.Equal([2, 0, 2, 1], y[2].Doubles());
        Assert.Equal([1, 1, 2], y[3].Doubles());
    }

    [Fact]
    public void NaNIsMetOnce()
    {
        Tensor x = Tensor.From([float.NaN, 1, float.NaN], 3);
        Tensor y = OpTest.Run((g, v) => g.Unique(v[0]).Values, x);
        Assert.Equal([1, double.NaN], y.Doubles());
    }

    [Fact]
    public void OperatorsFollowTheShapesThatElementsDecide()
    {
        Tensor x = Tensor.From([3f, 0, -1, 0, 2], 5);
        Tensor y = OpTest.Run((g, v) => g.ReduceSum(g.Add(g.Compress(v[0], g.NotEqual(v[0], 0)), 10)), x);
        Assert.Equal(34, y.Doubles()[0]);
        Tensor none = OpTest.Run((g, v) => g.NonZero(g.Mul(v[0], 0)), x);
        Assert.Equal(new Shape(1, 0), none.Shape);
    }

    [Fact]
    public void NumbersAreCounted()
    {
        Tensor x = Tensor.From([1, 3, 1], 3), ones = Tensor.From([1, 1, 1], 3), weights = Tensor.From([0.5f, 2, 0.25f], 3);
        Assert.Equal([0, 2, 0, 1], OpTest.Run((g, v) => g.Bincount(v[0], v[1], 0), x, ones).Doubles());
        Assert.Equal([0, 0.75, 0, 2, 0, 0], OpTest.Run((g, v) => g.Bincount(v[0], v[1], 6), x, weights).Doubles());
        Tensor rows = OpTest.Run((g, v) => g.Bincount(g.Stack([v[0], v[1]]), g.Stack([v[1], v[1]]), 0), x, ones);
        Assert.Equal(new Shape(2, 4), rows.Shape);
        Assert.Equal([0, 2, 0, 1, 0, 3, 0, 0], rows.Doubles());
        Assert.ThrowsAny<ArgumentException>(() => OpTest.Run((g, v) => g.Bincount(g.Neg(v[0]), v[1], 0), x, ones));
    }

    [Theory]
    [InlineData(ScatterReduction.Add, new double[] { 40, 60, 9, 9, 10, 20 })]
    [InlineData(ScatterReduction.Max, new double[] { 30, 40, 9, 9, 10, 20 })]
    [InlineData(ScatterReduction.Mul, new double[] { 300, 800, 9, 9, 10, 20 })]
    public void RowsMeetInTheirSegments(ScatterReduction reduction, double[] expected)
    {
        Tensor x = Values.Of(DType.Float32, new Shape(4, 2), 10, 20, 30, 40, 7, 7, 10, 20), ids = Tensor.From([0, 0, -1, 2], 4);
        Tensor y = OpTest.Run((g, v) => g.SegmentReduce(v[0], v[1], reduction, 9, false), x, ids);
        Assert.Equal(expected, y.Doubles());
        Assert.Equal(new Shape(3, 2), OpTest.Run((g, v) => g.SegmentReduce(v[0], v[1], reduction, 9, true), x, ids).Shape);
    }

    [Theory]
    [InlineData(1, 4, 1, new double[] { 1, 2, 3 })]
    [InlineData(-3, 99, 1, new double[] { 3, 4, 5 })]
    [InlineData(0, -1, 2, new double[] { 0, 2, 4 })]
    [InlineData(4, 1, -1, new double[] { 4, 3, 2 })]
    public void SlicesBetweenPlacesOfTheRun(int start, int stop, int step, double[] expected)
    {
        Tensor x = Values.Counting(DType.Int32, 6), from = Tensor.Scalar(start), to = Tensor.Scalar(stop);
        Assert.Equal(expected, OpTest.Run((g, v) => g.SliceTo(v[0], 0, v[1], v[2], step), x, from, to).Doubles());
        Assert.Equal([2, 3, 4, 5], OpTest.Run((g, v) => g.SliceTo(v[0], -1, v[1], null, 1), x, Tensor.Scalar(2)).Doubles());
        Assert.Equal([5, 4], OpTest.Run((g, v) => g.SliceTo(v[0], -1, null, v[1], -1), x, Tensor.Scalar(3)).Doubles());
    }

    [Fact]
    public void SlicesBetweenSizesKeepTheirPlan()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(512)), y = g.Input("y", DType.Float32, new SymbolicShape(Dim.Symbol("time")));
        Assert.Equal("(min(time, 512))", g.SliceTo(x, 0, null, g.SizeOf(y, 0), 1).Shape.ToString());
        Assert.False(g.Build([g.SliceTo(x, 0, g.Scalar(1, DType.Int32), g.SizeOf(y, 0), 1)]).HasDynamicShapes);
        Assert.Equal([3, 4], g.ConstantInts(g.Vector(3, 4)));
        Assert.Throws<UnsupportedModelException>(() => g.ConstantInts(y));
    }

    [Fact]
    public void WhateverTheLengthItIsCutOrFilled()
    {
        Tensor x = Tensor.From([3f, 0, -1, 0, 2], 5);
        Assert.Equal([3, -1], OpTest.Run((g, v) => g.ToLength(g.Compress(v[0], g.NotEqual(v[0], 0)), 2, 7), x).Doubles());
        Assert.Equal([3, -1, 2, 7, 7], OpTest.Run((g, v) => g.ToLength(g.Compress(v[0], g.NotEqual(v[0], 0)), 5, 7), x).Doubles());
    }
}
