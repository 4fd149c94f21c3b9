using KerasCompat.Runtime.Cpu;

namespace KerasCompat.Runtime.Tests.Ops;

/// <summary>Sizes that only a call tells are held to what the operators take: nothing reads beyond a value's memory.</summary>
public sealed class ShapeCheckTests
{
    private static readonly Dim Batch = Dim.Symbol("batch"), Time = Dim.Symbol("time"), Other = Dim.Symbol("other");

    [Fact]
    public void Reshape_that_no_batch_makes_fit_is_refused_while_building()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Batch, 3, 2));
        var e = Assert.Throws<ModelFormatException>(() => g.Reshape(x, Batch, 6, 4));
        Assert.Contains("24", e.Message, StringComparison.Ordinal);
        Assert.True(Dim.AreUnlike(6, 8));
        Assert.False(Dim.AreUnlike(Batch * 6, 12));
        Assert.False(Dim.AreUnlike(0, Batch * 6));
        Assert.False(Dim.AreUnlike(Batch * 6, Batch * 6));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(5, false)]
    [InlineData(7, false)]
    public void Reshape_of_an_open_length_takes_the_length_that_fits(int time, bool fits)
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Batch, Time, 4));
        using var run = new CpuExecutable(g.Build([g.Reshape(x, Batch, 24)]));
        Tensor input = Tensor.Zeros(DType.Float32, new Shape(2, time, 4));
        if (fits)
        {
            Assert.Equal(new Shape(2, 24), run.Run([input])[0].Shape);
        }
        else
        {
            Assert.Throws<ArgumentException>(() => run.Run([input]));
        }
    }

    [Fact]
    public void Values_of_unlike_lengths_are_not_joined_along_another_axis()
    {
        var g = new GraphBuilder();
        Value a = g.Input("a", DType.Float32, new SymbolicShape(Batch, Time, 2)), b = g.Input("b", DType.Float32, new SymbolicShape(Batch, Other, 3));
        using var run = new CpuExecutable(g.Build([g.Concat([a, b], -1)]));
        Tensor left = Tensor.Zeros(DType.Float32, new Shape(1, 4, 2));
        Assert.Equal(new Shape(1, 4, 5), run.Run([left, Tensor.Zeros(DType.Float32, new Shape(1, 4, 3))])[0].Shape);
        var e = Assert.Throws<ArgumentException>(() => run.Run([left, Tensor.Zeros(DType.Float32, new Shape(1, 5, 3))]));
        Assert.Contains("Concat", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recurrent_nets_take_masks_of_their_own_steps_alone()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(Batch, 12, 4)), mask = g.Input("mask", DType.Bool, new SymbolicShape(Batch, 6));
        Assert.Throws<ModelFormatException>(() => g.SimpleRNN(
            new SimpleRNN { Activation = new Tanh() }, x, g.Constant(Tensor.Zeros(DType.Float32, new Shape(4, 2))), g.Constant(Tensor.Zeros(DType.Float32, new Shape(2, 2))), mask: mask));
    }

    [Fact]
    public void Texts_are_no_numbers()
    {
        var g = new GraphBuilder();
        Assert.Throws<ModelFormatException>(() => g.Cast(g.Input("x", DType.String, new SymbolicShape(Batch)), DType.Int64));
        Assert.Throws<ModelFormatException>(() => g.Softmax(g.Input("y", DType.Int32, new SymbolicShape(Batch, 3)), -1));
    }
}
