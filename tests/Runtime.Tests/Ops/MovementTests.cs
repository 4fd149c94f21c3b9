namespace KerasCompat.Runtime.Tests.Ops;

public sealed class MovementTests
{
    public static TheoryData<DType> Types => new(Values.All);

    [Theory]
    [MemberData(nameof(Types))]
    public void EveryTypeIsMoved(DType type)
    {
        Tensor x = Values.Counting(type, 2, 3, 4);
        string zero = type == DType.String ? string.Empty : "0";
        Check((g, v) => g.Transpose(v, [2, 0, 1]), new Shape(4, 2, 3), at => [at[1], at[2], at[0]]);
        Check((g, v) => g.Slice(v, 2, 1, 4, 2), new Shape(2, 3, 2), at => [at[0], at[1], 1 + (2 * at[2])]);
        Check((g, v) => g.Reverse(v, 0, 2), new Shape(2, 3, 4), at => [1 - at[0], at[1], 3 - at[2]]);
        Check((g, v) => g.Expand(g.ExpandDims(v, 1), new SymbolicShape(2, 5, 3, 4)), new Shape(2, 5, 3, 4), at => [at[0], at[2], at[3]]);
        Check((g, v) => g.Tile(v, new SymbolicShape(2, 1, 3)), new Shape(4, 3, 12), at => [at[0] % 2, at[1], at[2] % 4]);
        Check((g, v) => g.Repeat(v, 1, 2), new Shape(2, 6, 4), at => [at[0], at[1] / 2, at[2]]);
        Check((g, v) => g.Concat([v, g.Slice(v, 1, 1), v], -2), new Shape(2, 8, 4), at => [at[0], at[1] < 3 ? at[1] : at[1] < 5 ? at[1] - 2 : at[1] - 5, at[2]]);
        Check((g, v) => g.Stack([v, v], 1), new Shape(2, 2, 3, 4), at => [at[0], at[2], at[3]]);
        Check((g, v) => g.Split(v, 1, new SymbolicShape(1, 2))[1], new Shape(2, 2, 4), at => [at[0], at[1] + 1, at[2]]);
        Check((g, v) => g.Roll(v, 1, -4), new Shape(2, 3, 4), at => [at[0], (at[1] + 4) % 3, at[2]]);
        Check((g, v) => g.Select(v, 1, -1), new Shape(2, 4), at => [at[0], 2, at[1]]);
        Check((g, v) => g.Pad(v, [0, 1, 2], [1, 0, -1]), new Shape(3, 4, 5), at => at[0] < 2 && at[1] > 0 && at[2] > 1 ? [at[0], at[1] - 1, at[2] - 2] : null);

        Tensor slice = OpTest.Run((g, v) => g.Unstack(v[0], 2)[3], (_, axis) => axis == 2, x);
        Assert.Equal(Values.Moved(x, new Shape(2, 3), at => [at[0], at[1], 3]), slice.Texts());

        void Check(Func<GraphBuilder, Value, Value> apply, Shape result, Func<int[], int[]?> source)
        {
            Tensor y = OpTest.Run((g, v) => apply(g, v[0]), x);
            Assert.Equal(type, y.DType);
            Assert.Equal(result, y.Shape);
            Assert.Equal(Values.Moved(x, result, source, zero), y.Texts());
        }
    }

    [Theory]
    [InlineData(new[] { 40, 50 }, new[] { 1, 0 })]
    [InlineData(new[] { 3, 17, 33 }, new[] { 0, 2, 1 })]
    [InlineData(new[] { 3, 17, 33 }, new[] { 2, 1, 0 })]
    [InlineData(new[] { 3, 17, 33 }, new[] { 1, 2, 0 })]
    [InlineData(new[] { 2, 3, 4, 5 }, new[] { 3, 1, 2, 0 })]
    [InlineData(new[] { 2, 1, 4, 5 }, new[] { 2, 0, 3, 1 })]
    [InlineData(new[] { 2, 3, 4, 5, 6 }, new[] { 0, 3, 1, 4, 2 })]
    [InlineData(new[] { 0, 3 }, new[] { 1, 0 })]
    [InlineData(new[] { 7 }, new[] { 0 })]
    public void TransposeOfManyShapes(int[] shape, int[] perm)
    {
        Tensor x = Values.Counting(DType.Float32, shape);
        Tensor y = OpTest.Run((g, v) => g.Transpose(v[0], [.. perm]), x);
        Assert.Equal(Values.Moved(x, y.Shape, at => [.. Enumerable.Range(0, shape.Length).Select(axis => at[Array.IndexOf(perm, axis)])]), y.Texts());
    }

    [Fact]
    public void AxesAreExchangedAndMoved()
    {
        Tensor x = Values.Counting(DType.Float32, 2, 3, 4);
        Assert.Equal(new Shape(4, 3, 2), OpTest.Run((g, v) => g.SwapAxes(v[0], 0, -1), x).Shape);
        Assert.Equal(new Shape(3, 4, 2), OpTest.Run((g, v) => g.MoveAxis(v[0], 0, -1), x).Shape);
        Assert.Equal(new Shape(4, 2, 3), OpTest.Run((g, v) => g.MoveAxis(v[0], 2, 0), x).Shape);
    }

    [Theory]
    [InlineData(PadMode.Edge, new double[] { 0, 0, 0, 0, 1, 2, 2, 2 })]
    [InlineData(PadMode.Reflect, new double[] { 1, 2, 1, 0, 1, 2, 1, 0 })]
    [InlineData(PadMode.Symmetric, new double[] { 2, 1, 0, 0, 1, 2, 2, 1 })]
    [InlineData(PadMode.Wrap, new double[] { 0, 1, 2, 0, 1, 2, 0, 1 })]
    [InlineData(PadMode.Constant, new double[] { 7, 7, 7, 0, 1, 2, 7, 7 })]
    public void PaddingIsNumpys(PadMode mode, double[] expected)
    {
        Tensor x = Values.Counting(DType.Float32, 3);
        Assert.Equal(expected, OpTest.Run((g, v) => g.Pad(v[0], [3], [2], mode, 7), x).Doubles());
        Tensor columns = OpTest.Run((g, v) => g.Pad(g.Reshape(v[0], [v[0].Shape[0], 1]), [3, 1], [2, 0], mode, 7), x);
        Assert.Equal([.. expected.SelectMany(e => (double[])[mode == PadMode.Constant ? 7 : e, e])], columns.Doubles());
    }

    [Fact]
    public void PaddingMirrorsAsOftenAsItMust()
    {
        Tensor x = Values.Counting(DType.Int32, 2);
        Assert.Equal([1, 0, 1, 0, 1, 0, 1, 0, 1], OpTest.Run((g, v) => g.Pad(v[0], [3], [4], PadMode.Reflect), x).Doubles());
        Assert.Equal([1, 1, 0, 0, 1, 1, 0, 0, 1], OpTest.Run((g, v) => g.Pad(v[0], [4], [3], PadMode.Symmetric), x).Doubles().Skip(1).Append(1));
    }

    [Fact]
    public void PiecesAndWholesOfNothing()
    {
        Tensor x = Values.Counting(DType.Float32, 0, 3);
        Tensor[] y = OpTest.RunAll((g, v) => [g.Concat([v[0], v[0]], 0), g.Concat([v[0], v[0]], 1), .. g.Split(v[0], 1, 3), g.Transpose(v[0], [1, 0]), g.Roll(v[0], 0, 1), g.Reverse(v[0], 0)], x);
        Assert.Equal(["(0, 3)", "(0, 6)", "(0, 1)", "(0, 1)", "(0, 1)", "(3, 0)", "(0, 3)", "(0, 3)"], y.Select(t => t.Shape.ToString()));
    }

    [Fact]
    public void SymbolsGoThroughMovement()
    {
        var g = new GraphBuilder();
        Dim batch = Dim.Symbol("batch"), time = Dim.Symbol("time");
        Value x = g.Input("x", DType.Float32, new SymbolicShape(batch, time, 8));
        Assert.Equal("(time, batch, 8)", g.Transpose(x, [1, 0, 2]).Shape.ToString());
        Assert.Equal("(batch, 2*time, 8)", g.Concat([x, x], 1).Shape.ToString());
        Assert.Equal("(batch, 3 + time, 8)", g.Pad(x, [0, 1, 0], [0, 2, 0]).Shape.ToString());
        Assert.Equal("(batch, time, 4)", g.Split(x, -1, 2)[0].Shape.ToString());
        Assert.Equal("(batch, 8*time)", g.Flatten(x, 1).Shape.ToString());
        Assert.Equal("(batch, 3*time, 8)", g.Repeat(x, 1, 3).Shape.ToString());
        Assert.Equal("(batch, batch*time, 8)", g.Tile(x, new SymbolicShape(1, batch, 1)).Shape.ToString());
        Assert.Same(x, g.Transpose(x, [0, -2, 2]));
        Assert.Same(x, g.Pad(x, [0, 0, 0], [0, 0, 0]));
        Assert.Same(x, g.Slice(x, 1, 0));
        Assert.Throws<ModelFormatException>(() => g.Transpose(x, [0, 1]));
        Assert.Throws<ModelFormatException>(() => g.Concat([x, g.Slice(x, 2, 1)], 1));
        Assert.Throws<ModelFormatException>(() => g.Split(x, -1, new SymbolicShape(3, 4)));
        Assert.Throws<ModelFormatException>(() => g.Pad(x, [0, 0, -5], [0, 0, -4]));
        Assert.Throws<ModelFormatException>(() => g.Expand(x, new SymbolicShape(batch, time, 9)));
    }

    [Fact]
    public void SizesThatDoNotFitAreFoundBeforeTheRun()
    {
        Tensor[] inputs = [Values.Counting(DType.Float32, 2, 3), Values.Counting(DType.Float32, 2, 4)];
        Dim Symbol(int input, int axis, int size) => Dim.Symbol($"s{input}{axis}");
        Assert.Throws<ArgumentException>(() => OpTest.RunPlanned((g, v) => [g.Concat(v, 0)], inputs, Symbol));
        Assert.Throws<ArgumentException>(() => OpTest.RunPlanned((g, v) => [g.Split(v[0], 1, new SymbolicShape(1, 1))[0]], inputs, Symbol));
        Assert.Throws<ArgumentException>(() => OpTest.RunPlanned((g, v) => [g.Expand(v[0], new SymbolicShape(2, 4))], inputs, Symbol));
    }

    [Fact]
    public void BlocksBecomeChannelsAndReturn()
    {
        Tensor x = Values.Counting(DType.Float32, 2, 4, 6, 3);
        Tensor depth = OpTest.Run((g, v) => g.SpaceToDepth(v[0], 2), x);
        Assert.Equal(Values.Moved(x, new Shape(2, 2, 3, 12), at => [at[0], (2 * at[1]) + (at[3] / 6), (2 * at[2]) + (at[3] / 3 % 2), at[3] % 3]), depth.Texts());
        Assert.Equal(x.Doubles(), OpTest.Run((g, v) => g.DepthToSpace(v[0], 2), depth).Doubles());
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 2)]
    [InlineData(true, -1)]
    [InlineData(true, 9)]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, -9)]
    public void TrianglesStay(bool upper, int diagonal)
    {
        Tensor x = Values.Counting(DType.Int16, 2, 3, 4);
        Tensor y = OpTest.Run((g, v) => upper ? g.Triu(v[0], diagonal) : g.Tril(v[0], diagonal), x);
        Assert.Equal(Values.Moved(x, x.Shape, at => (upper ? at[2] - at[1] >= diagonal : at[2] - at[1] <= diagonal) ? at : null), y.Texts());
    }
}
