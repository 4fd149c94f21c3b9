namespace KerasCompat.Runtime.Tests.Ops;

public sealed class SliceTests
{
    private static readonly int[] Places = [0, 1, 2, 3, 5, 6, 7, 9, -1, -2, -5, -6, -7, -9, Slice.Open];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(-1)]
    [InlineData(-2)]
    [InlineData(-7)]
    public void EverySliceIsPythons(int step)
    {
        foreach (int start in Places)
        {
            foreach (int end in (int[])[.. Places, Slice.OpenBackward])
            {
                foreach (int size in (int[])[6, 1, 0])
                {
                    int[] expected = Python(size, start, end, step);
                    Dim symbol = Dim.Symbol("n");
                    int length = SliceLength.Of(symbol, start, end, step).Evaluate(new Dictionary<string, int> { ["n"] = size });
                    Assert.True(expected.Length == length, $"[{start}:{end}:{step}] of {size}: symbolic length {length}, expected {expected.Length}");
                    Assert.Equal(expected.Length, SliceLength.Of(size, start, end, step).Value);
                    if (size == 6)
                    {
                        Tensor x = Values.Counting(DType.Int32, 6, 2);
                        Tensor y = OpTest.Run((g, v) => g.Slice(v[0], 0, start, end, step), x);
                        Assert.Equal([.. expected.SelectMany(i => (double[])[2 * i, (2 * i) + 1])], y.Doubles());
                    }
                }
            }
        }
    }

    [Fact]
    public void TheUsualSlicesOfASymbolHaveShortLengths()
    {
        Dim n = Dim.Symbol("n");
        Assert.Equal(SliceLength.Of(n, 1, Slice.Open, 1), SliceLength.Of(n, 0, -1, 1));
        Assert.Equal("max(-1 + n, 0)", SliceLength.Of(n, 1, Slice.Open, 1).ToString());
        Assert.Equal("max(-3 + n, 0)", SliceLength.Of(n, 1, -2, 1).ToString());
        Assert.Equal("min(n, 2)", SliceLength.Of(n, -2, Slice.Open, 1).ToString());
        Assert.Equal("n", SliceLength.Of(n, Slice.Open, Slice.OpenBackward, -1).ToString());
        Assert.Equal("ceil((n)/(2))", SliceLength.Of(n, 0, Slice.Open, 2).ToString());
        Assert.Equal("min(time, n)", SliceLength.Of(n, 0, Dim.Symbol("time"), 1).ToString());
        Assert.Equal("min(time, 512)", SliceLength.Of(512, 0, Dim.Symbol("time"), 1).ToString());
    }

    [Fact]
    public void ASymbolicEndIsTakenFromTheCall()
    {
        Tensor[] inputs = [Values.Counting(DType.Float32, 3), Values.Counting(DType.Float32, 8)];
        Tensor y = OpTest.RunPlanned((g, v) => [g.Slice(v[1], 0, 1, v[0].Shape[0])], inputs, (i, _, n) => i == 0 ? Dim.Symbol("time") : n)[0];
        Assert.Equal([1, 2], y.Doubles());
    }

    [Fact]
    public void SlicesOfSizesAreSizes()
    {
        var g = new GraphBuilder();
        Dim batch = Dim.Symbol("batch");
        Value shape = g.Shape(g.Input("x", DType.Float32, new SymbolicShape(batch, 2, 3)));
        Assert.Equal([batch, 2], g.Slice(shape, 0, 0, 2).Content);
        Assert.Equal([3, 2, batch], g.Reverse(shape, 0).Content);
        Assert.Equal([2, 3], g.Slice(shape, 0, 1).Constant!.Doubles());
    }

    private static int[] Python(int size, int start, int end, int step)
    {
        int At(int place) => step > 0 ? Math.Clamp(place < 0 ? place + size : place, 0, size) : Math.Clamp(place < 0 ? place + size : place, -1, size - 1);
        var places = new List<int>();
        int stop = end == Slice.OpenBackward ? (step > 0 ? 0 : -1) : At(end);
        for (int i = At(start); step > 0 ? i < stop : i > stop; i += step)
        {
            places.Add(i);
        }

        return [.. places];
    }
}
