using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Tests.Layers.SmallModel;

namespace KerasCompat.Tests.Layers;

/// <summary>A cell of the caller's own, bound as the documentation of <see cref="RecurrentCell"/> shows.</summary>
public class CustomCellTests
{
    [Fact]
    public void A_bound_cell_runs_inside_an_RNN()
    {
        var options = new LoadOptions { CustomLayers = { ["MyPackage>MinimalCell"] = config => new MinimalCell(config) } };
        JObject net = Layer("RNN", "rnn", new JObject
        {
            ["cell"] = Layer("MinimalCell", "minimal", new JObject { ["units"] = 2 }, registeredName: "MyPackage>MinimalCell"),
            ["return_sequences"] = true,
        });
        KerasModel model = Chain(options, [0, 0, 3], net);
        Tensor<float> x = Numbers(new Shape(2, 4, 3), 3);
        Tensor<float> y = model.Predict(x).As<float>(), kernel = model.GetWeights()[0].As<float>();
        for (int row = 0; row < 2; row++)
        {
            double[] h = [0, 0];
            for (int t = 0; t < 4; t++)
            {
                for (int unit = 0; unit < 2; unit++)
                {
                    double sum = Enumerable.Range(0, 3).Sum(i => (double)x[row, t, i] * kernel[i, unit]);
                    h[unit] = Math.Tanh(sum + h[unit]);
                    Assert.Equal(h[unit], y[row, t, unit], 1e-5);
                }
            }
        }
    }

    [Fact]
    public void A_cell_that_nobody_bound_is_named()
    {
        JObject net = Layer("RNN", "rnn", new JObject { ["cell"] = Layer("MinimalCell", "minimal", new JObject { ["units"] = 2 }, registeredName: "MyPackage>MinimalCell") });
        UnsupportedModelException e = Assert.Throws<UnsupportedModelException>(() => Chain(new LoadOptions(), [0, 4, 3], net));
        Assert.Contains("MyPackage>MinimalCell", e.Message, StringComparison.Ordinal);
        Assert.Contains("LoadOptions.CustomLayers", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void States_of_stacked_cells_may_come_in_either_order()
    {
        JObject Net(bool reverse) => Layer("RNN", "rnn", new JObject
        {
            ["cell"] = Layer("StackedRNNCells", "stack", new JObject
            {
                ["cells"] = new JArray(Layer("LSTMCell", "first", new JObject { ["units"] = 2 }), Layer("GRUCell", "second", new JObject { ["units"] = 3 })),
                ["reverse_state_order"] = reverse,
            }),
            ["return_state"] = true,
        }, new JArray(new JObject { ["args"] = new JArray(Reference("x")), ["kwargs"] = new JObject() }));

        Tensor x = Numbers(new Shape(2, 5, 2), 5);
        string[] outputs = ["rnn", "rnn:1", "rnn:2", "rnn:3"];
        Tensor[] forward = Functional(new LoadOptions(), [Input("x", [0, 5, 2]), Net(false)], ["x"], outputs).Predict([x]);
        Tensor[] reversed = Functional(new LoadOptions(), [Input("x", [0, 5, 2]), Net(true)], ["x"], outputs).Predict([x]);
        AssertClose(forward[0], reversed[0]);
        AssertClose(forward[3], reversed[1]);
        AssertClose(forward[1], reversed[2]);
        AssertClose(forward[2], reversed[3]);
    }

    private sealed class MinimalCell(LayerConfig config) : RecurrentCell(config)
    {
        private readonly int _units = config.Int("units");
        private Weight? _kernel;

        public override IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input) => [new(input[0], _units)];

        public override CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants)
        {
            Value h = g.Tanh(g.Add(g.MatMul(input, Read(g, _kernel!)), states[0]));
            return new CellStep(h, [h]);
        }

        protected override void Build(SymbolicShape input) => _kernel = AddWeight("kernel", [Known(input[-1], "last axis"), _units]);
    }
}
