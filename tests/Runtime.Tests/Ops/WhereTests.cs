namespace KerasCompat.Runtime.Tests.Ops;

public sealed class WhereTests
{
    public static TheoryData<DType> Types => new(Values.All);

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeIsPicked(DType type)
    {
        Tensor condition = Tensor.From([true, false, false, true], 4), a = Values.Counting(type, 4), b = Values.Counting(type, 3, 1);
        Tensor y = OpTest.Run((g, v) => g.Where(v[0], v[1], v[2]), condition, a, b);
        Assert.Equal(type, y.DType);
        string[] x = a.Texts(), z = b.Texts();
        Assert.Equal([.. Enumerable.Range(0, 12).Select(i => i % 4 is 0 or 3 ? x[i % 4] : z[i / 4])], y.Texts());
    }

    [Theory]
    [InlineData(new[] { 3, 1 }, new[] { 4 }, new[] { 3, 4 })]
    [InlineData(new int[0], new[] { 2, 2 }, new[] { 2 })]
    [InlineData(new[] { 2, 1, 2 }, new[] { 2, 3, 1 }, new[] { 1 })]
    [InlineData(new[] { 4 }, new int[0], new int[0])]
    public void ShapesBroadcast(int[] condition, int[] left, int[] right)
    {
        Tensor c = Values.Counting(DType.Bool, condition), a = Values.Counting(DType.Float32, left), b = Values.Of(DType.Float32, new Shape(right), Values.Counting(DType.Float32, right).Doubles().Select(v => -1 - v));
        Tensor y = OpTest.Run((g, v) => g.Where(v[0], v[1], v[2]), c, a, b);
        Tensor mask = OpTest.Run((g, v) => g.Cast(v[0], DType.Float32), c);
        Tensor expected = OpTest.Run((g, v) => g.Add(g.Mul(v[0], v[1]), g.Mul(g.Sub(g.Scalar(1, DType.Float32), v[0]), v[2])), mask, a, b);
        Assert.Equal(expected.Doubles(), y.Doubles());
    }
}
