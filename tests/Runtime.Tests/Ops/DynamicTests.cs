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
}
