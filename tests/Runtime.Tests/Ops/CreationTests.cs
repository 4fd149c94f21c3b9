namespace KerasCompat.Runtime.Tests.Ops;

public sealed class CreationTests
{
    public static TheoryData<DType> NumericTypes => new(Values.Numeric);

    [Theory]
    [MemberData(nameof(NumericTypes))]
    public void CountsAndConstantsOfEveryType(DType type)
    {
        Tensor x = Values.Counting(type, 2, 5);
        Tensor[] y = OpTest.RunAll(
            (g, v) =>
            [
                g.Range(v[0].Shape[1], type),
                g.Range(1, 8, 2.5, type),
                g.Full(new SymbolicShape(v[0].Shape[0], 3), 7, type),
                g.Eye(v[0].Shape[1], 3, -1, type),
                g.Eye(3, v[0].Shape[1], 2, type),
            ],
            x);
        Assert.All(y, t => Assert.Equal(type, t.DType));
        Assert.Equal([0, 1, 2, 3, 4], y[0].Doubles());
        Assert.Equal(type.IsFloating() ? [1, 3.5, 6] : [1, 3, 6], y[1].Doubles());
        Assert.Equal(Enumerable.Repeat(7.0, 6), y[2].Doubles());
        Assert.Equal([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0], y[3].Doubles());
        Assert.Equal([0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1], y[4].Doubles());
    }

    [Fact]
    public void ShapesAreValues()
    {
        Tensor x = Values.Counting(DType.String, 2, 5);
        Tensor[] y = OpTest.RunAll((g, v) => [g.Shape(v[0]), g.Size(v[0]), g.SizeOf(v[0], -1, DType.Float32)], x);
        Assert.Equal([2, 5], y[0].As<long>().ToArray());
        Assert.Equal([10], y[1].As<long>().ToArray());
        Assert.Equal([5], y[2].As<float>().ToArray());
    }

    [Fact]
    public void AShapeComputedFromSizesReshapes()
    {
        var g = new GraphBuilder();
        Dim batch = Dim.Symbol("batch"), time = Dim.Symbol("time");
        Value x = g.Input("x", DType.Float32, new SymbolicShape(batch, time, 8));
        Value shape = g.Concat([g.Slice(g.Shape(x), 0, 0, 1), g.Vector(-1), g.Vector(2)], 0);
        Assert.Equal("(batch, 4*time, 2)", g.Reshape(x, shape).Shape.ToString());
        Assert.Throws<ModelFormatException>(() => g.Reshape(x, g.Input("shape", DType.Int64, new SymbolicShape(2))));
    }
}
