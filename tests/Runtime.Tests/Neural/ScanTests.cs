namespace KerasCompat.Runtime.Tests.Neural;

public class ScanTests
{
    [Theory]
    [InlineData(DType.Float32, 3, 5, false)]
    [InlineData(DType.Float64, 1, 1, true)]
    [InlineData(DType.Float32, 2, 4, true)]
    [InlineData(DType.Float32, 2, 0, false)]
    [InlineData(DType.Float32, 0, 3, false)]
    [InlineData(DType.Float16, 2, 3, false)]
    public void A_body_that_is_a_simple_cell_is_a_simple_recurrent_net(DType type, int batch, int time, bool reverse)
    {
        var test = new OpCase(type);
        test.Input(new Shape(batch, time, 3), "batch", "time");
        test.Weight(new Shape(3, 4));
        Tensor<double> recurrent = test.Weight(new Shape(4, 4));
        test.Input(new Shape(batch, 4), "batch");
        test.Add(Loops.Make(new Shape(4), i => 0.5 * i[0]));
        Tensor<double>[] results = test.Run((g, v) =>
        {
            RecurrentResult net = g.SimpleRNN(new SimpleRNN { Activation = new Tanh(), ReturnSequences = true, GoBackwards = reverse }, v[0], v[1], v[2], v[4], initialState: v[3]);

            // The recurrent kernel is the body's own weight; kernel and bias come in as whole values.
            var b = new GraphBuilder();
            Value h = b.Input("h", type, new SymbolicShape(Dim.Symbol("n"), 4)), x = b.Input("x", type, new SymbolicShape(Dim.Symbol("n"), 3));
            Value kernel = b.Input("kernel", type, new SymbolicShape(3, 4)), bias = b.Input("bias", type, new SymbolicShape(4));
            Value r = b.Weight(new Weight("r", type, recurrent.Shape) { Value = recurrent.Cast(type) });
            Value next = b.Tanh(b.Add(b.Add(b.MatMul(x, kernel), b.MatMul(h, r)), bias));
            ScanResult scan = g.Scan(b.Build([next, next]), [v[3]], [v[0]], [v[1], v[4]], reverse);
            Assert.Equal(net.Output.Shape, scan.Outputs[0].Shape);
            return [net.Output, net.States[0], scan.Outputs[0], scan.States[0]];
        });
        test.AssertClose(results[0], results[2]);
        test.AssertClose(results[1], results[3]);
    }

    [Fact]
    public void States_may_change_places_and_masks_may_be_scanned()
    {
        var test = new OpCase(DType.Float64);
        Tensor<double> a = test.Input(new Shape(2, 3), "batch"), c = test.Input(new Shape(2, 3), "batch");
        Tensor<bool> mask = test.Add(new Tensor<bool>(new[] { true, false, true, true, true, false }, new Shape(2, 3)), "batch", "time");
        Tensor<double>[] results = test.Run((g, v) =>
        {
            var b = new GraphBuilder();
            var state = new SymbolicShape(Dim.Symbol("batch"), 3);
            Value s = b.Input("s", DType.Float64, state), t = b.Input("t", DType.Float64, state), keep = b.ExpandDims(b.Input("keep", DType.Bool, new SymbolicShape(Dim.Symbol("batch"))), 1);
            ScanResult scan = g.Scan(b.Build([b.Where(keep, t, s), b.Where(keep, s, t), s]), [v[0], v[1]], [v[2]]);
            return [.. scan.States, scan.Outputs[0]];
        });
        for (int row = 0; row < 2; row++)
        {
            bool swapped = false;
            for (int step = 0; step < 3; step++)
            {
                Assert.Equal(swapped ? c[row, 1] : a[row, 1], results[2][row, step, 1]);
                swapped ^= mask[row, step];
            }

            Assert.Equal(swapped ? c[row, 0] : a[row, 0], results[0][row, 0]);
            Assert.Equal(swapped ? a[row, 0] : c[row, 0], results[1][row, 0]);
        }
    }

    [Fact]
    public void A_body_of_another_number_of_inputs_is_refused()
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.Float32, new SymbolicShape(2, 3, 4));
        var b = new GraphBuilder();
        Value one = b.Input("one", DType.Float32, new SymbolicShape(2, 5));
        Assert.Throws<ModelFormatException>(() => g.Scan(b.Build([one]), [], [x]));
        Assert.Throws<ModelFormatException>(() => g.Scan(b.Build([one]), [], [x, x]));
    }
}
