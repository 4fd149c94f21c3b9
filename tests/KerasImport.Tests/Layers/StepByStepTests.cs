using KerasCompat.Layers;
using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;
using static KerasCompat.Tests.Layers.SmallModel;

namespace KerasCompat.Tests.Layers;

/// <summary>A cell run step by step gives what the operator for whole sequences gives.</summary>
public class StepByStepTests
{
    private static readonly Dictionary<string, Func<LayerConfig, RecurrentCell>> Cells = new()
    {
        ["LSTMCell"] = c => new LSTMCell(c),
        ["GRUCell"] = c => new GRUCell(c),
        ["SimpleRNNCell"] = c => new SimpleRNNCell(c),
    };

    public static TheoryData<string, bool, bool, bool, bool> Forms()
    {
        var data = new TheoryData<string, bool, bool, bool, bool>();
        foreach (string cell in Cells.Keys)
        {
            foreach (int bits in Enumerable.Range(0, 16))
            {
                data.Add(cell, (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Sequences_states_and_masks_agree(string cell, bool sequences, bool backwards, bool zeros, bool resetAfter)
    {
        var config = new JObject { ["units"] = 3 };
        if (cell == "GRUCell")
        {
            config["reset_after"] = resetAfter;
        }

        JObject Net(string className, string? registered) => Layer("RNN", "rnn", new JObject
        {
            ["cell"] = Layer(className, "cell", (JObject)config.DeepClone(), registeredName: registered),
            ["return_sequences"] = sequences,
            ["return_state"] = true,
            ["go_backwards"] = backwards,
            ["zero_output_for_mask"] = zeros,
        });

        var stepwise = new LoadOptions { CustomLayers = { ["Test>StepOnly"] = c => new StepOnly(c, Cells[cell](c.For(cell, "inner"))) } };
        KerasModel whole = Build(new LoadOptions(), Net(cell, null)), steps = Build(stepwise, Net("StepOnly", "Test>StepOnly"));

        // Rows: nothing masked, a hole, the beginning, the end, everything.
        Tensor x = Numbers(new Shape(5, 4, 2), 1);
        Tensor[] inputs = [x, Tensor.From([true, true, true, true, true, false, true, true, false, false, true, true, true, true, false, false, false, false, false, false], 5, 4)];
        Tensor[] expected = whole.Predict(inputs), found = steps.Predict(inputs);
        Assert.Equal(expected.Length, found.Length);
        foreach ((Tensor a, Tensor b) in expected.Zip(found))
        {
            AssertClose(a, b);
        }

        KerasModel Build(LoadOptions options, JObject net)
        {
            net["inbound_nodes"] = new JArray(new JObject { ["args"] = new JArray(Reference("x")), ["kwargs"] = new JObject { ["mask"] = Reference("mask") } });
            string[] outputs = cell == "LSTMCell" ? ["rnn", "rnn:1", "rnn:2"] : ["rnn", "rnn:1"];
            return Functional(options, [Input("x", [0, 4, 2]), Input("mask", [0, 4], "bool"), net], ["x", "mask"], outputs);
        }
    }

    /// <summary>A cell that hides its inner cell's operator.</summary>
    private sealed class StepOnly(LayerConfig config, RecurrentCell inner) : RecurrentCell(config)
    {
        public override IReadOnlyList<Sublayer> Sublayers => [new Sublayer("inner", inner)];

        public override IReadOnlyList<SymbolicShape> StateShapes(SymbolicShape input) => inner.StateShapes(input);

        public override CellStep Step(GraphBuilder g, Value input, IReadOnlyList<Value> states, IReadOnlyList<Value> constants) =>
            inner.Step(g, input, states, constants);

        protected override void Build(SymbolicShape input) => inner.EnsureBuilt(input);
    }
}
