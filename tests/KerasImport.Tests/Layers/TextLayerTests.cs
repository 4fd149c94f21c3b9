using System.IO.Compression;
using System.Text;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Layers.Tests;

public class TextLayerTests
{
    [Fact]
    public void Indices_are_mask_then_unknown_then_the_vocabulary()
    {
        Layer lookup = LayerRun.Make("StringLookup", """{"vocabulary": ["a", "b"], "mask_token": ""}""");
        Assert.Equal([0, 1, 2, 3], Look(lookup, "", "zebra", "a", "b"));
    }

    [Fact]
    public void A_vocabulary_may_bring_its_special_tokens_along()
    {
        Layer lookup = LayerRun.Make("StringLookup", """{"vocabulary": ["", "[UNK]", "a", "b"], "mask_token": ""}""");
        Assert.Equal([0, 1, 2, 3], Look(lookup, "", "zebra", "a", "b"));
    }

    [Fact]
    public void An_inverted_lookup_gives_tokens_and_the_unknown_token_beyond_them()
    {
        Layer lookup = LayerRun.Make("StringLookup", """{"vocabulary": ["a", "b"], "invert": true, "output_dtype": "string"}""");
        Assert.Equal(["[UNK]", "a", "b", "[UNK]"], LayerRun.Of(lookup, Tensor.From([0L, 1, 2, 9], 4)).As<string>().ToArray());
    }

    /// <remarks>As <c>IndexLookup.__init__</c> and <c>set_vocabulary</c> of Keras 2.15 and 3.15 raise.</remarks>
    [Theory]
    [InlineData("""{"vocabulary": ["a", "b"], "invert": true, "output_mode": "one_hot"}""", "beside invert")]
    [InlineData("""{"invert": true, "output_mode": "tf_idf"}""", "beside invert")]
    [InlineData("""{"vocabulary": ["a", "b", "[UNK]"], "invert": true}""", "[UNK]")]
    [InlineData("""{"vocabulary": ["a", "b"], "max_tokens": 2}""", "max_tokens")]
    [InlineData("""{"max_tokens": 1}""", "at least 2")]
    public void A_lookup_that_Keras_does_not_make_is_refused(string config, string said)
    {
        var error = Assert.ThrowsAny<KerasCompatException>(() => LayerRun.Make("StringLookup", config));
        Assert.Contains(said, error.Message, StringComparison.Ordinal);
    }

    /// <remarks>Not inverted, the token for unknown ones is no key that the layer looks at.</remarks>
    [Fact]
    public void A_vocabulary_as_long_as_max_tokens_is_taken()
    {
        Layer lookup = LayerRun.Make("StringLookup", """{"vocabulary": ["a", "[UNK]"], "max_tokens": 3}""");
        Assert.Equal([1, 2, 0], Look(lookup, "a", "[UNK]", "zebra"));
    }

    [Fact]
    public void Unknown_integers_share_the_indices_by_their_remainder()
    {
        Layer lookup = LayerRun.Make("IntegerLookup", """{"vocabulary": [10, 20], "num_oov_indices": 3}""");
        Assert.Equal([2, 1, 3, 4], LayerRun.Of(lookup, Tensor.From([-1L, 7, 10, 20], 4)).As<long>().ToArray());
    }

    [Fact]
    public void Without_an_index_for_unknown_tokens_one_is_an_error()
    {
        Layer lookup = LayerRun.Make("StringLookup", """{"vocabulary": ["a"], "num_oov_indices": 0}""");
        Assert.Contains("zebra", Assert.ThrowsAny<Exception>(() => Look(lookup, "zebra")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_vocabulary_file_is_read_as_Python_reads_it()
    {
        Layer lookup = LayerRun.Make("StringLookup");
        ((IAssetLayer)lookup).LoadAssets(name => name == "vocabulary.txt" ? Encoding.UTF8.GetBytes("[UNK]\na\r\nb c\n\n") : null);
        Assert.Equal([1, 2, 0], Look(lookup, "a", "b c", "c"));
    }

    [Fact]
    public void Without_a_vocabulary_the_error_says_where_one_would_be()
    {
        var error = Assert.Throws<ModelFormatException>(() => Look(LayerRun.Make("StringLookup"), "a"));
        Assert.Contains("vocabulary.txt", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"split": "whitespace", "output_sequence_length": 4}""", new long[] { 2, 3, 1, 0 })]
    [InlineData("""{"split": "whitespace", "output_sequence_length": 2}""", new long[] { 2, 3 })]
    [InlineData("""{"split": "whitespace"}""", new long[] { 2, 3, 1 })]
    [InlineData("""{"split": "whitespace", "standardize": null}""", new long[] { 1, 1, 1 })]
    [InlineData("""{"split": "whitespace", "ngrams": 2}""", new long[] { 2, 3, 1, 4, 1 })]
    public void Text_becomes_indices_of_its_tokens(string config, long[] expected)
    {
        string whole = config[..^1] + """, "vocabulary": ["dont", "stop", "dont stop"]}""";
        Tensor y = LayerRun.Of(LayerRun.Make("TextVectorization", whole), Tensor.From(["Don't,  STOP! \t Zebra"], 1));
        Assert.Equal(expected, y.As<long>().ToArray());
    }

    [Fact]
    public void Counts_leave_the_unknown_token_at_place_0()
    {
        const string Config = """{"vocabulary": ["a", "b"], "output_mode": "count", "output_dtype": "float32"}""";
        Tensor y = LayerRun.Of(LayerRun.Make("TextVectorization", Config), Tensor.From(["a b a z", ""], 2));
        LayerRun.Close([1, 2, 1, 0, 0, 0], y);
    }

    [Fact]
    public void Boundaries_belong_to_the_bin_above_and_NaN_to_the_last()
    {
        Layer layer = LayerRun.Make("Discretization", """{"bin_boundaries": [0.0, 1.0], "output_dtype": "int32"}""");
        Assert.Equal([0, 1, 1, 2, 2], LayerRun.Of(layer, LayerRun.Floats([-1, 0, 0.5f, 1, float.NaN], 5)).As<int>().ToArray());
    }

    [Theory]
    [InlineData("""{"num_bins": 3}""", new long[] { 0, 2, 2 })]
    [InlineData("""{"num_bins": 3, "mask_value": "Hello"}""", new long[] { 0, 1, 1 })]
    public void Hashing_gives_the_buckets_of_TensorFlow(string config, long[] expected)
    {
        // tf.strings.to_hash_bucket_fast(["Hello", "TensorFlow", "2.x"], 3) is [0, 2, 2] in TensorFlow's documentation.
        Tensor y = LayerRun.Of(LayerRun.Make("Hashing", config), Tensor.From(["Hello", "TensorFlow", "2.x"], 3));
        Assert.Equal(expected[0], y.As<long>()[0]);
        if (!config.Contains("mask_value", StringComparison.Ordinal))
        {
            Assert.Equal(expected, y.As<long>().ToArray());
        }
    }

    /// <summary>A Sequential that starts with a TextVectorization may be saved before it was ever called, and then says nothing of its input.</summary>
    [Fact]
    public void A_text_vectorization_that_was_never_called_takes_a_text_a_row()
    {
        string built = Fixtures.Path("keras3-layers", "textvectorization-whitespace-tf_idf-adapt-rank_0.keras");
        using var archive = new MemoryStream();
        archive.Write(File.ReadAllBytes(built));
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Update, leaveOpen: true))
        {
            ZipArchiveEntry entry = zip.GetEntry("config.json")!;
            using var reader = new StreamReader(entry.Open());
            JObject model = JObject.Parse(reader.ReadToEnd());
            reader.Dispose();
            entry.Delete();
            model.Remove("build_config");
            ((JObject)model["config"]!).Remove("build_input_shape");
            JToken layer = model["config"]!["layers"]!.Last!;
            ((JObject)layer).Remove("build_config");
            model["config"]!["layers"] = new JArray(layer);
            using var writer = new StreamWriter(zip.CreateEntry("config.json").Open());
            writer.Write(model.ToString());
        }

        archive.Position = 0;
        using KerasModel whole = KerasModel.Load(built);
        using KerasModel bare = KerasModel.Load(archive, "bare.keras");
        Tensor texts = Tensor.From(["the cat sat", "a zebra", ""], 3);
        Assert.Equal((1, DType.String), (bare.Inputs[0].Type.Shape.Rank, bare.Inputs[0].Type.DType));
        Assert.Equal(whole.Predict(texts).As<float>().ToArray(), bare.Predict(texts).As<float>().ToArray());
    }

    private static long[] Look(Layer lookup, params string[] texts) => LayerRun.Of(lookup, Tensor.From(texts, texts.Length)).As<long>().ToArray();
}
