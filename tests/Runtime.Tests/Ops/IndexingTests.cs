namespace KerasCompat.Runtime.Tests.Ops;

public sealed class IndexingTests
{
    public static TheoryData<DType> Types => new(Values.All);

    public static TheoryData<DType> NumericTypes => new(Values.Numeric);

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeIsGathered(DType type)
    {
        Tensor x = Values.Counting(type, 3, 4, 2);
        Tensor picks = Tensor.From([2, -1, 0], 3);
        Tensor y = OpTest.Run((g, v) => g.Gather(v[0], v[1], 1), x, picks);
        Assert.Equal(Values.Moved(x, new Shape(3, 3, 2), at => [at[0], (int[])[2, 3, 0] is var p ? p[at[1]] : 0, at[2]]), y.Texts());

        Tensor places = Tensor.From([0L, -1, 2, 3, 1, 1, 0, 0], 2, 2, 2);
        long[] flat = [0, 3, 2, 3, 1, 1, 0, 0];
        y = OpTest.Run((g, v) => g.GatherElements(v[0], v[1], 1), x, places);
        Assert.Equal(Values.Moved(x, new Shape(2, 2, 2), at => [at[0], (int)flat[(at[0] * 4) + (at[1] * 2) + at[2]], at[2]]), y.Texts());

        Tensor tuples = Tensor.From([0L, 3, -1, 0], 2, 2);
        y = OpTest.Run((g, v) => g.GatherND(v[0], v[1]), (i, axis) => i == 1 && axis == 1, x, tuples);
        Assert.Equal(Values.Moved(x, new Shape(2, 2), at => at[0] == 0 ? [0, 3, at[1]] : [2, 0, at[1]]), y.Texts());

        Tensor perRow = Tensor.From([3L, 0, -2], 3, 1);
        y = OpTest.Run((g, v) => g.GatherND(v[0], v[1], batchDims: 1), x, perRow);
        Assert.Equal(Values.Moved(x, new Shape(3, 2), at => [at[0], (int[])[3, 0, 2] is var p ? p[at[0]] : 0, at[1]]), y.Texts());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeIsScattered(DType type)
    {
        Tensor x = Values.Counting(type, 3, 4), updates = OpTest.Run((g, v) => g.Reverse(v[0], 0, 1), Values.Counting(type, 4, 4));
        string[] texts = x.Texts(), news = updates.Texts();

        Tensor tuples = Tensor.From([2L, 0], 2, 1);
        Tensor y = OpTest.Run((g, v) => g.ScatterND(v[0], v[1], g.Slice(v[2], 0, 0, 2)), x, tuples, updates);
        Assert.Equal([.. news[4..8], .. texts[4..8], .. news[..4]], y.Texts());

        Tensor places = Tensor.From([1L, -1, 0, 2], 2, 2);
        y = OpTest.Run((g, v) => g.ScatterElements(v[0], v[1], g.Slice(g.Slice(v[2], 0, 0, 2), 1, 0, 2), 1), x, places, updates);
        Assert.Equal([texts[0], news[0], texts[2], news[1], news[4], texts[5], news[5], .. texts[7..]], y.Texts());
    }

    [Theory]
    [MemberData(nameof(NumericTypes))]
    public void UpdatesMeetElements(DType type)
    {
        Tensor x = Values.Of(type, new Shape(4), 1, 2, 3, 4), updates = Values.Of(type, new Shape(3), 5, 2, 1);
        Tensor places = Tensor.From([1L, 1, -1], 3);
        Check(ScatterReduction.Add, 1, 9, 3, 5);
        Check(ScatterReduction.Mul, 1, 20, 3, 4);
        Check(ScatterReduction.Max, 1, 5, 3, 4);
        Check(ScatterReduction.Min, 1, 2, 3, 1);

        void Check(ScatterReduction reduction, params double[] expected)
        {
            Assert.Equal(expected, OpTest.Run((g, v) => g.ScatterElements(v[0], v[1], v[2], 0, reduction), x, places, updates).Doubles());
            Assert.Equal(expected, OpTest.Run((g, v) => g.ScatterND(v[0], g.ExpandDims(v[1], 1), v[2], reduction), x, places, updates).Doubles());
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(-5)]
    public void AnIndexOutsideIsAnError(int index)
    {
        Tensor x = Values.Counting(DType.Float32, 4), picks = Tensor.From([index], 1);
        Assert.ThrowsAny<ArgumentException>(() => OpTest.Run((g, v) => g.Gather(v[0], v[1]), x, picks));
        Assert.ThrowsAny<ArgumentException>(() => OpTest.Run((g, v) => g.GatherElements(v[0], v[1], 0), x, picks));
        Assert.ThrowsAny<ArgumentException>(() => OpTest.Run((g, v) => g.GatherND(v[0], g.ExpandDims(v[1], 1)), x, picks));
        Assert.ThrowsAny<ArgumentException>(() => OpTest.Run((g, v) => g.ScatterElements(v[0], v[1], g.Slice(v[0], 0, 0, 1), 0), x, picks));
    }

    [Fact]
    public void ShapesThatDoNotFitAreRefused()
    {
        Tensor x = Values.Counting(DType.Float32, 2, 2), three = Values.Counting(DType.Float32, 3), index = Tensor.From([0L], 1);
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.GatherElements(v[0], v[1], 0), x, index));
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.ScatterND(v[0], v[2], v[1]), x, three, index));
        Assert.Throws<ModelFormatException>(() => OpTest.Run((g, v) => g.ScatterElements(v[1], v[2], v[1], 0), x, three, index));
    }

    [Theory]
    [InlineData(DType.Float32)]
    [InlineData(DType.Float64)]
    [InlineData(DType.Float16)]
    [InlineData(DType.BFloat16)]
    [InlineData(DType.Int8)]
    [InlineData(DType.Int64)]
    [InlineData(DType.Bool)]
    public void OneHotHasOnesInRangeAlone(DType type)
    {
        Tensor indices = Tensor.From([2, -1, 0, 3], 2, 2);
        Tensor y = OpTest.Run((g, v) => g.OneHot(v[0], 3, dtype: type), indices);
        Assert.Equal(type, y.DType);
        Assert.Equal(new Shape(2, 2, 3), y.Shape);
        Assert.Equal([0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0], y.Doubles());
        Tensor front = OpTest.Run((g, v) => g.OneHot(v[0], 3, axis: 0, dtype: type), indices);
        Assert.Equal(new Shape(3, 2, 2), front.Shape);
        Assert.Equal([0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0], front.Doubles());
    }

    [Theory]
    [MemberData(nameof(Types))]
    public void PartsAreReadAndReplacedWhereTheRunSays(DType type)
    {
        Tensor x = Values.Counting(type, 3, 4), part = OpTest.Run((g, v) => g.Reverse(v[0], 0, 1), Values.Counting(type, 2, 2)), starts = Tensor.From([1, -2], 2);
        Tensor y = OpTest.Run((g, v) => g.DynamicSlice(v[0], v[1], new SymbolicShape(2, 2)), x, starts);
        Assert.Equal(Values.Moved(x, new Shape(2, 2), at => [at[0] + 1, at[1] + 2]), y.Texts());
        string[] old = x.Texts(), news = part.Texts();
        y = OpTest.Run((g, v) => g.DynamicUpdateSlice(v[0], v[1], v[2]), x, part, starts);
        Assert.Equal([.. old[..6], news[0], news[1], .. old[8..10], news[2], news[3]], y.Texts());
        Assert.ThrowsAny<ArgumentException>(() => OpTest.Run((g, v) => g.DynamicSlice(v[0], v[1], new SymbolicShape(2, 3)), x, starts));
    }
}
