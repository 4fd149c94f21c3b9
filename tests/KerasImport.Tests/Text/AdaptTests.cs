using System.Text;
using KerasCompat.Containers;
using KerasCompat.Layers;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

/// <summary>Keras's <c>adapt</c>; suite <c>text</c> holds what it learnt from given data.</summary>
public class AdaptTests
{
    /// <summary>What <c>generate/keras3_layers.py</c> adapted its models to.</summary>
    private static readonly string[] Texts =
    [
        "The cat sat on the mat.", "A DOG ran, far: the cat!", string.Empty, "zebra zebra  zebra\tmat qux", "na\u00EFve caf\u00E9 \u00C4pfel on the mat", "don't-stop (now) 3.14",
    ];

    public static TheoryData<string> AdaptedModels => [.. Fixtures.Cases("keras3-layers")
        .Where(c => ((string)c["name"]!).Contains("textvectorization-", StringComparison.Ordinal) && ((string)c["name"]!).Contains("adapt", StringComparison.Ordinal)
            && ((string?)c["model"] ?? string.Empty).EndsWith(".keras", StringComparison.Ordinal) && (string?)c["expect"] == "same")
        .Select(c => (string)c["name"]!)];

    /// <summary>A model adapted here to other texts, then to those of Keras, is the model that Keras adapted.</summary>
    [Theory]
    [MemberData(nameof(AdaptedModels))]
    public void A_model_learns_what_Keras_learnt(string name)
    {
        JObject test = Fixtures.Cases("keras3-layers").Single(c => (string)c["name"]! == name);
        using KerasModel model = KerasModel.Load(Fixtures.Path("keras3-layers", (string)test["model"]!));
        Layer layer = model.Layers.Single(l => l.ClassName == "TextVectorization");
        string[] vocabulary = layer.GetVocabulary().As<string>().ToArray();
        model.Adapt(layer.Name, ["quite another text", "with words of its own"]);
        Assert.NotEqual(vocabulary, layer.GetVocabulary().As<string>().ToArray());
        model.Adapt(layer.Name, Texts);
        Assert.Equal(vocabulary, layer.GetVocabulary().As<string>().ToArray());
        Assert.Equal(vocabulary.Length > 2, layer.Config.Has("vocabulary"));
        VerificationOf(model, Fixtures.Path("keras3-layers", (string)test["vectors"]!));
    }

    [Fact]
    public void There_are_such_models() => Assert.True(AdaptedModels.Count >= 5, $"{AdaptedModels.Count}");

    [Fact]
    public void What_was_given_is_not_learnt_over()
    {
        JObject config = JObject.Parse("""
            {"class_name": "Sequential", "config": {"name": "s", "layers": [
              {"class_name": "InputLayer", "config": {"batch_shape": [null, 1], "dtype": "string", "name": "text"}},
              {"class_name": "TextVectorization", "config": {"name": "words", "output_mode": "tf_idf"}},
              {"class_name": "Dense", "config": {"name": "dense", "units": 2}}]}, "keras_version": "3.15.1"}
            """);
        string[] before = ["[UNK]", "b", "a"];
        ((JObject)config.SelectToken("config.layers[1].config")!)["vocabulary"] = new JArray("b", "a");
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(config.ToString()));
        using KerasModel model = KerasModel.LoadArchitecture(KerasFileReader.Open(stream, "model.json"));
        Assert.Contains("a vocabulary", Assert.Throws<InvalidOperationException>(() => model.Adapt("words", ["c d e f"])).Message, StringComparison.Ordinal);
        Assert.Equal(before, model.Layers["words"].GetVocabulary().As<string>().ToArray());
        Assert.Throws<InvalidOperationException>(() => model.Adapt("dense", ["c"]));
        Assert.Throws<KeyNotFoundException>(() => model.Adapt("nothing", ["c"]));
    }

    [Fact]
    public void A_failed_adapt_brings_back_what_the_model_knew()
    {
        JObject test = Fixtures.Cases("tfkeras2").First(c => (string)c["name"]! == "keras-2.15.0-lookup-model");
        using KerasModel model = KerasModel.Load(Fixtures.Path("tfkeras2", (string)test["model"]!));
        Layer city = model.Layers.Single(l => l.ClassName == "StringLookup");
        string[] known = city.GetVocabulary().As<string>().ToArray();
        Assert.Throws<ModelFormatException>(() => model.Adapt(city.Name, ["one", "city", "more", "than", "before"]));
        Assert.Equal(known, city.GetVocabulary().As<string>().ToArray());
        VerificationOf(model, Fixtures.Path("tfkeras2", (string)test["vectors"]!));

        // As many tokens as before fit, whatever they are; numbers are learnt anew too.
        model.Adapt(city.Name, ["a", "b", "c"]);
        Assert.Equal(["[UNK]", "c", "b", "a"], city.GetVocabulary().As<string>().ToArray());
        model.Adapt(model.Layers.Single(l => l.ClassName == "Normalization").Name, Tensor.From([0f, 10, 2, 30], 2, 2));
        Assert.Equal([1f, 20], model.Layers.Single(l => l.ClassName == "Normalization").GetWeights()[0].As<float>().ToArray());
    }

    [Theory]
    [InlineData("-1", new[] { 12, 15.5 }, new[] { 223.5, 260.75 })]
    [InlineData("1", new[] { 7.5, 20 }, new[] { 68.75, 343.5 })]
    [InlineData("null", new[] { 13.75 }, new[] { 245.1875 })]
    [InlineData("[2, 1]", new[] { 5.0, 10, 19, 21 }, new[] { 25.0, 100, 324, 361 })]
    public void Mean_and_variance_are_those_along_the_other_axes(string axis, double[] mean, double[] variance)
    {
        Tensor data = Tensor.From([0f, 0, 1, 2, 10, 20, 37, 40], 2, 2, 2);
        var layer = PreprocessingLayer.Create("Normalization", $$"""{"axis": {{axis}}}""");
        layer.Adapt(data);
        Tensor y = layer.Call(data);
        Tensor[] learnt = layer.Layer.GetWeights();
        Assert.Equal(3, learnt.Length);
        Close(mean, learnt[0]);
        Close(variance, learnt[1]);
        Assert.Equal(data.Shape, y.Shape);
        Assert.Equal((0 - mean[0]) / Math.Sqrt(variance[0]), y.As<float>()[0, 0, 0], 1e-6);

        // Batch by batch the same.
        var merged = PreprocessingLayer.Create("Normalization", $$"""{"axis": {{axis}}}""");
        merged.Adapt([data.Rows(0, 1), data.Rows(1, 1)]);
        Close(y.Cast(DType.Float64).As<double>().ToArray(), merged.Call(data), 1e-6);
    }

    [Fact]
    public void What_cannot_be_adapted_says_why()
    {
        Tensor numbers = Tensor.From([1f, 2], 2, 1);
        Assert.Contains("bin_boundaries", Assert.Throws<InvalidOperationException>(() => PreprocessingLayer.Create("Discretization", """{"bin_boundaries": [1.0]}""").Adapt(numbers)).Message, StringComparison.Ordinal);
        Assert.Contains("mean", Assert.Throws<InvalidOperationException>(() => PreprocessingLayer.Create("Normalization", """{"mean": 0, "variance": 1}""").Adapt(numbers)).Message, StringComparison.Ordinal);
        Assert.Contains("learn", Assert.Throws<InvalidOperationException>(() => PreprocessingLayer.Create("Hashing", """{"num_bins": 3}""").Adapt(numbers)).Message, StringComparison.Ordinal);
        Assert.Contains("no element", Assert.Throws<ArgumentException>(() => PreprocessingLayer.Create("StringLookup").Adapt(Array.Empty<string>())).Message, StringComparison.Ordinal);
        Assert.Contains("those before it", Assert.Throws<ArgumentException>(() => PreprocessingLayer.Create("Normalization").Adapt([Tensor.From([1f, 2], 1, 2), Tensor.From([1f, 2, 3], 1, 3)])).Message, StringComparison.Ordinal);
        Assert.Contains("axes", Assert.Throws<ArgumentException>(() => PreprocessingLayer.Create("Normalization", """{"axis": 3}""").Adapt(numbers)).Message, StringComparison.Ordinal);
        Assert.Contains("texts", Assert.Throws<ArgumentException>(() => PreprocessingLayer.Create("TextVectorization").Adapt(numbers)).Message, StringComparison.Ordinal);
        Assert.Throws<UnsupportedModelException>(() => PreprocessingLayer.Create("TextVectorization", """{"standardise": "lower"}"""));
        Assert.Throws<UnsupportedModelException>(() => PreprocessingLayer.Create("Tokeniser"));
    }

    [Fact]
    public void NaN_stands_last_among_the_numbers_of_a_summary()
    {
        var layer = PreprocessingLayer.Create("Discretization", """{"num_bins": 2}""");
        layer.Adapt(Tensor.From([float.NaN, 1, 2, 3, 4], 5, 1));
        Assert.Equal([2.5f], layer.Layer.GetBinBoundaries());
    }

    [Theory]
    [InlineData("a", "b")]
    [InlineData("", "a")]
    [InlineData("a", "ab")]
    [InlineData("\uFFFD", "\U0001F600")]
    [InlineData("\uE000", "\U00010000")]
    [InlineData("\uD7FF", "\uE000")]
    [InlineData("\U0001F600", "\U0001F601")]
    public void Texts_are_ordered_by_their_bytes_in_UTF8(string less, string greater)
    {
        Assert.True(Utf8Order.Instance.Compare(less, greater) < 0);
        Assert.True(Utf8Order.Instance.Compare(greater, less) > 0);
        Assert.Equal(0, Utf8Order.Instance.Compare(less, less));
    }

    private static void VerificationOf(KerasModel model, string vectors)
    {
        Verification.VerificationReport report = model.Verify(vectors);
        Assert.True(report.Passes, report.ToString());
    }

    private static void Close(double[] expected, Tensor actual, double tolerance = 1e-5)
    {
        double[] found = actual.Cast(DType.Float64).As<double>().ToArray();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), p => Assert.True(Math.Abs(p.First - p.Second) <= tolerance * Math.Max(1, Math.Abs(p.First)), $"{p.Second}, expected {p.First}"));
    }
}
