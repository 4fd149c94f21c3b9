namespace KerasCompat.Runtime.Tests.Ops;

public sealed class ScanAndSortTests
{
    public static TheoryData<DType> NumericTypes => new(Values.Numeric);

    [Theory]
    [MemberData(nameof(NumericTypes))]
    public void RunningSumsAndProducts(DType type)
    {
        Tensor x = Values.Of(type, new Shape(2, 3), 1, 2, 3, 2, 1, 4);
        Check((g, v) => g.CumSum(v, 1), 1, 3, 6, 2, 3, 7);
        Check((g, v) => g.CumSum(v, 0), 1, 2, 3, 3, 3, 7);
        Check((g, v) => g.CumSum(v, 1, exclusive: true), 0, 1, 3, 0, 2, 3);
        Check((g, v) => g.CumSum(v, 1, reverse: true), 6, 5, 3, 7, 5, 4);
        Check((g, v) => g.CumSum(v, -1, exclusive: true, reverse: true), 5, 3, 0, 5, 4, 0);
        Check((g, v) => g.CumProd(v, 1), 1, 2, 6, 2, 2, 8);
        Check((g, v) => g.CumProd(v, 0, exclusive: true), 1, 1, 1, 1, 2, 3);
        Check((g, v) => g.CumMax(v, 1), 1, 2, 3, 2, 2, 4);
        Check((g, v) => g.CumMin(v, 1), 1, 1, 1, 2, 1, 1);

        void Check(Func<GraphBuilder, Value, Value> apply, params double[] expected)
        {
            Tensor y = OpTest.Run((g, v) => apply(g, v[0]), x);
            Assert.Equal(type, y.DType);
            Assert.Equal(expected, y.Doubles());
        }
    }

    [Theory]
    [MemberData(nameof(NumericTypes))]
    public void TheBestInOrderAndTheirPlaces(DType type)
    {
        Tensor x = Values.Of(type, new Shape(2, 4), 3, 1, 3, 2, 4, 4, 0, 4);
        Tensor[] y = OpTest.RunAll((g, v) => [g.TopK(v[0], 2).Values, g.TopK(v[0], 3).Indices, g.TopK(v[0], 2, largest: false).Indices, g.Sort(v[0]), g.ArgSort(v[0]), g.ArgSort(v[0], descending: true), g.Sort(v[0], 0)], x);
        Assert.Equal(type, y[0].DType);
        Assert.Equal([3, 3, 4, 4], y[0].Doubles());
        Assert.Equal([0, 2, 3, 0, 1, 3], y[1].Doubles());
        Assert.Equal([1, 3, 2, 0], y[2].Doubles());
        Assert.Equal([1, 2, 3, 3, 0, 4, 4, 4], y[3].Doubles());
        Assert.Equal([1, 3, 0, 2, 2, 0, 1, 3], y[4].Doubles());
        Assert.Equal([0, 2, 3, 1, 0, 1, 3, 2], y[5].Doubles());
        Assert.Equal([3, 1, 0, 2, 4, 4, 3, 4], y[6].Doubles());
    }

    [Theory]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1000)]
    public void LongLinesAreSortedStably(int count)
    {
        Tensor x = Values.Random(DType.Float32, 7, 2, count, 3);
        double[] numbers = x.Doubles();
        double[] places = OpTest.Run((g, v) => g.ArgSort(v[0], 1), x).Doubles(), down = OpTest.Run((g, v) => g.ArgSort(v[0], 1, descending: true), x).Doubles();
        for (int line = 0; line < 6; line++)
        {
            int begin = (line / 3 * count * 3) + (line % 3);
            Assert.Equal(Enumerable.Range(0, count).OrderBy(i => numbers[begin + (3 * i)]).Select(i => (double)i), Enumerable.Range(0, count).Select(i => places[begin + (3 * i)]));
            Assert.Equal(Enumerable.Range(0, count).OrderByDescending(i => numbers[begin + (3 * i)]).Select(i => (double)i), Enumerable.Range(0, count).Select(i => down[begin + (3 * i)]));
        }
    }

    [Fact]
    public void NaNIsTheLargestNumber() => Assert.Equal(
        [1, 3, 0, 2],
        OpTest.Run((g, v) => g.ArgSort(v[0]), Tensor.From([float.NaN, -1, float.NaN, float.PositiveInfinity], 4)).Doubles());

    [Fact]
    public void MoreThanThereAreIsRefused()
    {
        Tensor[] x = [Values.Counting(DType.Float32, 3)];
        Assert.Throws<ModelFormatException>(() => OpTest.RunPlanned((g, v) => [g.TopK(v[0], 4).Values], x, (_, _, n) => n));
        Assert.Throws<ArgumentException>(() => OpTest.RunPlanned((g, v) => [g.TopK(v[0], 4).Values], x, (_, _, _) => Dim.Symbol("n")));
    }

    [Fact]
    public void ScansOfNothing()
    {
        Tensor x = Values.Counting(DType.Float32, 0, 3);
        Assert.All(OpTest.RunAll((g, v) => [g.CumSum(v[0], 0), g.CumSum(v[0], 1), g.Sort(v[0], 0), g.Sort(v[0], 1)], x), y => Assert.Equal(x.Shape, y.Shape));
    }

    [Fact]
    public void SparsemaxIsTheClosestPointOfTheSimplex()
    {
        Tensor x = Tensor.From([1f, 2, 3, 0.1f, 0.2f, 0.3f], 2, 3);
        Tensor y = OpTest.Run((g, v) => g.Sparsemax(v[0]), x);
        double third = 1.0 / 3;
        Assert.Equal([0, 0, 1, third - 0.1, third, third + 0.1], y.Doubles().Select(v => Math.Round(v, 6)), (a, b) => Math.Abs(a - b) < 2e-6);
        Tensor columns = OpTest.Run((g, v) => g.Sparsemax(g.Transpose(v[0], [1, 0]), 0), x);
        Assert.Equal(OpTest.Run((g, v) => g.Transpose(v[0], [1, 0]), y).Doubles(), columns.Doubles());
    }

    [Fact]
    public void GluAndSoftmaxOverSeveralAxes()
    {
        Tensor x = Values.Random(DType.Float64, 8, 2, 3, 4);
        double[] n = x.Doubles();
        Values.AssertClose([.. Values.Places(new Shape(2, 3, 2)).Select(at => n[(at[0] * 12) + (at[1] * 4) + at[2]] / (1 + Math.Exp(-n[(at[0] * 12) + (at[1] * 4) + at[2] + 2])))], OpTest.Run((g, v) => g.Glu(v[0]), (_, axis) => axis == 2, x), 10);
        double[] softmax = OpTest.Run((g, v) => g.Softmax(v[0], [0, 2]), x).Doubles();
        for (int i = 0; i < 3; i++)
        {
            double[] slice = [.. Values.Places(x.Shape).Select((at, k) => (at, k)).Where(p => p.at[1] == i).Select(p => softmax[p.k])];
            Assert.Equal(1, slice.Sum(), 1e-12);
        }
    }
}
