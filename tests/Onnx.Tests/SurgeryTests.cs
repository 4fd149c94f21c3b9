using KerasCompat.Convert.Surgery;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using KerasCompat.Verification;

namespace KerasCompat.Onnx.Tests;

/// <summary>Parts of models and differences between them.</summary>
public class SurgeryTests
{
    [Theory]
    [InlineData("residual_cnn.keras", "conv2d_2")]
    [InlineData("unet.keras", null)]
    [InlineData("inception_branches.keras", null)]
    public void A_part_gives_what_the_layer_gave(string file, string? to)
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", file));
        to ??= whole.Layers.Last(l => l.ClassName is "Dense" or "Conv2D").Name;
        using KerasModel part = SubModel.Extract(whole, [], [to]);
        Tensor[] inputs = new Convert.Export.DrawnInputs(whole, new Dictionary<string, int>()).Calls(1)[0].Inputs;
        Tensor wanted = whole.Activations(inputs).First(a => a.Layer == to).Value;
        Assert.Equal(wanted.Cast(DType.Float64).As<double>().ToArray(), part.Predict(inputs)[0].Cast(DType.Float64).As<double>().ToArray(), (a, b) => Math.Abs(a - b) < 1e-6);
    }

    [Fact]
    public void A_part_in_the_middle_takes_what_its_first_layer_read()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "residual_cnn.keras"));
        using KerasModel part = SubModel.Extract(whole, ["conv2d_1"], ["conv2d_2"]);
        Assert.Equal(["conv2d_1_input"], part.Inputs.Select(i => i.Name));
        Assert.Equal(["conv2d_1", "conv2d_2"], part.Layers.Where(l => l.ClassName == "Conv2D").Select(l => l.Name));
    }

    /// <summary>Models of all kinds: branches, shared and nested layers, several outputs, texts, states, masks.</summary>
    public static TheoryData<string> Models =>
    [
        "keras3-graphs/residual_cnn.keras", "keras3-graphs/unet.keras", "keras3-graphs/shared_dense_three_calls.keras", "keras3-graphs/shared_embedding_two_texts.keras",
        "keras3-graphs/nested_functional_twice.keras", "keras3-graphs/three_levels_deep.keras", "keras3-graphs/nested_two_in_two_out.keras", "keras3-graphs/dict_in_dict_out.keras",
        "keras3-graphs/nested_structures.keras", "keras3-graphs/mixture_of_experts.keras", "keras3-graphs/transformer_block.keras", "keras3-graphs/hand_written_attention.keras",
        "keras3-graphs/bidirectional_with_states.keras", "keras3-graphs/bidirectional_gru_masked.keras", "keras3-graphs/seq2seq.keras", "keras3-graphs/siamese_l2.keras",
        "keras3-graphs/preprocessing_in_model.keras", "keras3-graphs/odd_layer_names.keras", "keras3-graphs/op_splits.keras", "keras3-graphs/wide_and_deep.keras",
        "keras3-graphs/text_gru_stack.keras", "keras3-graphs/sequential_first_layer_shape.keras", "containers/keras-3.0.5/cnn.keras", "text/string-lookup-keras-3.15.1.keras",
        "seeds/seeds-imdb-keras-2.3.1.h5", "seeds/seeds-imdb-small-keras-1.2.2.h5",
    ];

    /// <summary>Whatever the call, the part up to it gives what it gave, and the part from it on, fed with what it read, gives the model's outputs.</summary>
    [Theory]
    [MemberData(nameof(Models))]
    public void Every_call_can_end_a_part_and_begin_one(string file)
    {
        string path = Path.Combine(Fixtures.Root, file);
        using KerasModel whole = KerasModel.Load(path);
        Tensor[] inputs = new Convert.Export.DrawnInputs(whole, new Dictionary<string, int>()).Calls(1)[0].Inputs;
        var given = whole.Inputs.Select((input, i) => (input.Name, Value: inputs[i])).ToDictionary(p => p.Name, p => p.Value);
        Tensor[] outputs = whole.Predict(inputs, new RecurrentState());
        var values = whole.Network.Trace.Zip(whole.Activations(inputs)).ToDictionary(p => new TensorReference(p.First.Layer.Name, p.First.Node, p.First.Output), p => p.Second.Value);
        int begun = 0;
        foreach (LayerReference call in values.Keys.Where(t => !given.ContainsKey(t.Layer)).Select(t => new LayerReference(t.Layer, t.Call)).Distinct())
        {
            string name = $"{call.Layer}:{call.Call}";
            using KerasModel head = SubModel.Extract(whole, [], [name]);
            Tensor[] got = head.Predict([.. head.Inputs.Select(i => given[i.Name])], new RecurrentState());
            AssertEqual(SubModel.Gives(whole.Network, call).Select(t => values[t]), got, $"to {name}");
            TensorReference[] reads = [.. SubModel.Reads(whole.Network, call).Distinct()];
            try
            {
                using KerasModel tail = SubModel.Extract(whole, [name], []);
                Tensor[] fed = [.. tail.Inputs.Select((input, i) => given.TryGetValue(input.Name, out Tensor? own) ? own : values.TryGetValue(reads[i], out Tensor? read) ? read : given[reads[i].Layer])];
                AssertEqual(outputs, tail.Predict(fed, new RecurrentState()), $"from {name}");
                begun++;
            }
            catch (UnsupportedModelException e)
            {
                Assert.Contains("mask of layer", e.Message, StringComparison.Ordinal);
            }
            catch (ArgumentException e)
            {
                // Only calls that no output needs, or that share the way with another.
                Assert.Contains("no way", e.Message, StringComparison.Ordinal);
            }
        }

        Assert.True(begun > 0);
    }

    [Fact]
    public void A_part_of_a_nested_model_is_named_by_its_path()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "three_levels_deep.keras"));
        Layers.Network inner = whole.Layers.OfType<Layers.Network>().First();
        string last = inner.Layers.Last().Name;
        using KerasModel part = SubModel.Extract(whole, [], [$"{inner.Name}/{last}"]);
        Assert.Equal(inner.Inputs.Select(i => i.Name), part.Inputs.Select(i => i.Name));
        Assert.Equal(inner.Layers.First(l => l.Weights.Any()).Weights.First().Value.Bytes.ToArray(), part.Layers.First(l => l.Weights.Any()).Weights.First().Value.Bytes.ToArray());
    }

    /// <summary>Ragged rows between layers become a ragged input, with lengths of its own.</summary>
    [Fact]
    public void A_cut_through_ragged_rows_stays_ragged()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("tfkeras2", "keras-2.15.0-ragged-embedding.h5"));
        string embedding = whole.Layers.First(l => l.ClassName == "Embedding").Name, next = whole.Layers.SkipWhile(l => l.Name != embedding).Skip(1).First().Name;
        using KerasModel head = SubModel.Extract(whole, [], [embedding]), tail = SubModel.Extract(whole, [next], []);
        Tensor[] inputs = new Convert.Export.DrawnInputs(whole, new Dictionary<string, int>()).Calls(1)[0].Inputs;
        AssertEqual(whole.Predict(inputs), tail.Predict(head.Predict(inputs)), "tail of head");
    }

    [Fact]
    public void A_cut_behind_a_mask_names_who_made_it()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "bidirectional_gru_masked.keras"));
        string embedding = whole.Layers.First(l => l.ClassName == "Embedding").Name, next = whole.Layers.First(l => l.ClassName == "Bidirectional").Name;
        UnsupportedModelException refusal = Assert.Throws<UnsupportedModelException>(() => SubModel.Extract(whole, [next], []));
        Assert.Contains($"begin at \"{embedding}\"", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_layer_of_several_calls_must_say_which()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "shared_dense_three_calls.keras"));
        string shared = whole.Network.Trace.First(t => t.Node == 1).Layer.Name;
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => SubModel.Extract(whole, [], [shared]));
        Assert.Contains($"{shared}:0 to {shared}:2", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_way_between_layers_is_named()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "residual_cnn.keras"));
        ArgumentException refusal = Assert.Throws<ArgumentException>(() => SubModel.Extract(whole, ["conv2d_2"], ["conv2d_1"]));
        Assert.Contains("no way from", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Diff_names_what_changed_and_nothing_else()
    {
        string path = Fixtures.Path("containers", "keras-3.0.5/mlp.keras");
        using KerasModel a = KerasModel.Load(path), b = KerasModel.Load(path);
        Assert.Empty(ModelDiff.Lines(a, b));
        Tensor[] weights = [.. b.GetWeights().Select(w => w.Clone())];
        weights[0].As<float>().Span[0] += 1;
        b.SetWeights(weights);
        Assert.Contains(ModelDiff.Lines(a, b), l => l.StartsWith($"weight {a.Weights[0].Path}: largest difference 1e+0", StringComparison.Ordinal));
    }

    [Fact]
    public void Diff_pairs_what_has_another_name()
    {
        using KerasModel a = KerasModel.Load(Fixtures.Path("seeds", "seeds-imdb-keras-2.3.1.h5")), b = KerasModel.Load(Fixtures.Path("seeds", "seeds-imdb-keras-3.15.1.keras"));
        IReadOnlyList<string> lines = ModelDiff.Lines(a, b);
        Assert.Contains("weight dense_1/kernel: dense/kernel in the second", lines);
        Assert.DoesNotContain(lines, l => l.Contains("only in the", StringComparison.Ordinal) && l.StartsWith("weight", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.Contains("largest difference", StringComparison.Ordinal) || l.Contains("build_config", StringComparison.Ordinal));

        Tensor[] weights = [.. b.GetWeights().Select(w => w.Clone())];
        weights[^1].As<float>().Span[0] += 1;
        b.SetWeights(weights);
        lines = ModelDiff.Lines(a, b);
        Assert.Contains(lines, l => l.StartsWith("weight dense_1/bias: largest difference 1e+0", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("output dense_1: largest difference", StringComparison.Ordinal));
    }

    [Fact]
    public void Diff_names_layers_that_one_model_lacks()
    {
        using KerasModel whole = KerasModel.Load(Fixtures.Path("keras3-graphs", "residual_cnn.keras")), part = SubModel.Extract(whole, [], ["conv2d_2"]);
        IReadOnlyList<string> lines = ModelDiff.Lines(whole, part);
        Assert.Contains("config config.layers: \"dense\" (Dense) only in the first", lines);
        Assert.Contains(lines, l => l.StartsWith("weight dense/kernel", StringComparison.Ordinal) && l.EndsWith("only in the first", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, l => l.StartsWith("weight conv2d/", StringComparison.Ordinal));
    }

    private static void AssertEqual(IEnumerable<Tensor> expected, IReadOnlyList<Tensor> found, string what)
    {
        Tensor[] all = [.. expected];
        Assert.True(all.Length == found.Count, what);
        for (int i = 0; i < all.Length; i++)
        {
            ArrayComparison comparison = ArrayComparison.Of($"{what}, output {i}", found[i], all[i], new Tolerance(1e-5, 1e-5));
            Assert.True(comparison.Passes, comparison.ToString());
        }
    }
}
