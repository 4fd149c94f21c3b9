using KerasCompat.Runtime;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Tests.Layers;

/// <summary>Ragged tensors: each row must give what it gives alone, whatever pads it, and layers without a meaning for them are named.</summary>
public class RaggedTests
{
    private static readonly int[] RowLengths = [4, 1, 3, 6];

    /// <summary>Layers that read a ragged input of shape (batch, None, 3).</summary>
    public static TheoryData<string, string> Layers() => new()
    {
        { "LSTM", "{'units': 2}" },
        { "LSTM", "{'units': 2, 'return_sequences': true}" },
        { "LSTM", "{'units': 2, 'go_backwards': true}" },
        { "GRU", "{'units': 2, 'return_sequences': true, 'return_state': false}" },
        { "SimpleRNN", "{'units': 2}" },
        { "Bidirectional", "{'merge_mode': 'concat', 'layer': {'class_name': 'GRU', 'config': {'name': 'f', 'units': 2, 'return_sequences': true}}, 'backward_layer': {'class_name': 'GRU', 'config': {'name': 'b', 'units': 2, 'return_sequences': true, 'go_backwards': true}}}" },
        { "Dense", "{'units': 2, 'activation': 'softmax'}" },
        { "TimeDistributed", "{'layer': {'class_name': 'Dense', 'config': {'name': 'd', 'units': 2}}}" },
        { "LayerNormalization", "{}" },
        { "Activation", "{'activation': 'softmax'}" },
        { "Dropout", "{'rate': 0.5}" },
        { "GlobalAveragePooling1D", "{}" },
        { "GlobalMaxPooling1D", "{}" },
    };

    [Theory]
    [MemberData(nameof(Layers))]
    public void Rows_give_what_they_give_alone(string className, string config)
    {
        using KerasModel ragged = Model(className, config, ragged: true), dense = Model(className, config, ragged: false);
        Tensor[] rows = [.. RowLengths.Select((length, i) => (Tensor)SmallModel.Numbers(new Shape(length, 3), 20 + i))];

        Tensor[] outputs = ragged.Predict(Padded(RaggedTensor.From(rows), float.NaN));

        IReadOnlyList<Tensor> results = outputs.Length == 2 ? new RaggedTensor(outputs[0], outputs[1]).Rows : [.. rows.Select((_, i) => outputs[0].Rows(i, 1))];
        for (int i = 0; i < rows.Length; i++)
        {
            float[] alone = dense.Predict(rows[i].Reshape(new Shape([1, .. rows[i].Shape.Dims]))).As<float>().ToArray();
            float[] among = results[i].As<float>().ToArray();
            Assert.Equal(alone.Length, among.Length);
            Assert.All(alone.Zip(among), pair => Assert.Equal(pair.First, pair.Second, 1e-6f));
        }

        if (outputs.Length == 2)
        {
            Assert.All(ragged.Outputs.Skip(1), o => Assert.Equal("y/lengths", o.Name));
            Assert.Equal(0f, outputs[0].As<float>()[1, 5, 1]); // padding comes out as zeros
        }
    }

    [Fact]
    public void Embedded_indices_that_stem_from_the_same_rows_are_joined()
    {
        JArray layers =
        [
            Input("x", "int32", 2),
            SmallModel.Layer("Embedding", "a", new JObject { ["input_dim"] = 5, ["output_dim"] = 2 }, Node("x")),
            SmallModel.Layer("Embedding", "b", new JObject { ["input_dim"] = 5, ["output_dim"] = 1 }, Node("x")),
            SmallModel.Layer("Concatenate", "y", new JObject { ["axis"] = -1 }, ListNode("a", "b")),
        ];
        using KerasModel model = SmallModel.Functional(new LoadOptions(), layers, ["x"], "y");
        float[] a = model.Layers["a"].GetWeights()[0].As<float>().ToArray(), b = model.Layers["b"].GetWeights()[0].As<float>().ToArray();

        IReadOnlyDictionary<string, Tensor> y = model.Predict(new Dictionary<string, Tensor>
        {
            ["x"] = Tensor.From([4, 1, 0, 2, 0, 0], 2, 3),
            ["x/lengths"] = Tensor.From([2, 1], 2),
        });

        Assert.Equal([a[8], a[9], b[4], a[2], a[3], b[1], a[4], a[5], b[2], 0, 0, 0], y["y"].As<float>().ToArray());
        Assert.Equal([2L, 1], y["y/lengths"].As<long>().ToArray());
    }

    [Theory]
    [InlineData("Conv1D", "{'filters': 2, 'kernel_size': 2}")]
    [InlineData("Flatten", "{}")]
    [InlineData("BatchNormalization", "{}")]
    [InlineData("GRU", "{'units': 2, 'return_sequences': true, 'go_backwards': true}")]
    public void Layers_without_a_meaning_for_ragged_rows_are_named(string className, string config)
    {
        var refusal = Assert.Throws<UnsupportedModelException>(() => Model(className, config, ragged: true));
        Assert.Contains($"\"y\" ({className})", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("ragged input", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_of_two_inputs_are_not_taken_for_equal()
    {
        JArray layers = [Input("a", "float32", 3), Input("b", "float32", 3), SmallModel.Layer("Add", "y", [], ListNode("a", "b"))];
        var refusal = Assert.Throws<UnsupportedModelException>(() => SmallModel.Functional(new LoadOptions(), layers, ["a", "b"], "y"));
        Assert.Contains("different lengths", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Lengths_must_lie_within_the_padded_rows(long length) =>
        Assert.Throws<ArgumentException>(() => new RaggedTensor(Tensor.From([1f, 2], 1, 2), Tensor.From([length], 1)));

    [Fact]
    public void Rows_are_packed_and_taken_apart()
    {
        RaggedTensor rows = RaggedTensor.From([[1L, 2, 3], [], [4L]]);
        Assert.Equal([1, 2, 3, 0, 0, 0, 4, 0, 0], rows.Values.As<long>().ToArray());
        Assert.Equal([3, 0, 1], rows.Lengths.ToArray());
        Assert.Equal([[1, 2, 3], [], [4]], rows.Rows.Select(r => r.As<long>().ToArray()));
    }

    private static KerasModel Model(string className, string config, bool ragged)
    {
        JObject input = Input("x", "float32", 3);
        input["config"]!["ragged"] = ragged;
        return SmallModel.Functional(new LoadOptions(), [input, SmallModel.Layer(className, "y", JObject.Parse(config), Node("x"))], ["x"], "y");
    }

    private static JObject Input(string name, string dtype, int rank)
    {
        JObject input = SmallModel.Input(name, rank == 2 ? [0, 0] : [0, 0, 3], dtype);
        input["config"]!["ragged"] = true;
        return input;
    }

    private static JArray Node(string from) => [new JObject { ["args"] = new JArray(SmallModel.Reference(from)), ["kwargs"] = new JObject() }];

    private static JArray ListNode(params string[] from) =>
        [new JObject { ["args"] = new JArray { new JArray(from.Select(SmallModel.Reference)) }, ["kwargs"] = new JObject() }];

    /// <summary>The rows padded with a value that spoils what reads it.</summary>
    private static Tensor[] Padded(RaggedTensor rows, float fill)
    {
        Shape shape = rows.Values.Shape;
        var padded = new Tensor<float>(Enumerable.Repeat(fill, shape.ElementCount).ToArray(), shape);
        for (int row = 0; row < shape[0]; row++)
        {
            rows.Rows[row].As<float>().Span.CopyTo(padded.Span[(row * shape[1] * shape[2])..]);
        }

        return [padded, rows.Lengths];
    }
}
