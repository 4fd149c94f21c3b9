using System.Buffers.Binary;
using System.Text;
using KerasCompat.Runtime;
using KerasCompat.Testing;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

/// <summary>From texts to a model's numbers.</summary>
public class PipelineTests
{
    private static readonly string[] SeedTexts = ["This is a text", "This is not a text"];

    public static TheoryData<string> PretrainedModels =>
        [.. Fixtures.Cases("seeds").Select(c => (string)c["name"]!).Where(n => n.StartsWith("seeds-pretrained", StringComparison.Ordinal))];

    /// <summary>The founding document's chain: fit, index, pad, read GloVe's vectors, predict.</summary>
    [Theory]
    [MemberData(nameof(PretrainedModels))]
    public void Texts_and_vectors_give_the_matrix_and_the_output_of_Keras(string name)
    {
        JObject test = Fixtures.Cases("seeds").Single(c => (string)c["name"]! == name);
        var tokenizer = new Tokenizer();
        tokenizer.FitOnTexts([.. SeedTexts, "the Alps and the Himalaya"]);
        using KerasModel model = KerasModel.Load(Fixtures.Path("seeds", (string)test["model"]!));
        (Tensor<float> matrix, IReadOnlyList<string> missing) = WordVectors.EmbeddingMatrix(Fixtures.Path("seeds", "glove.txt"), tokenizer.WordIndex);
        Assert.Equal(["a", "not", "and"], missing);
        Assert.Equal(model.Layers.SelectMany(l => l.GetWeights()).First().As<float>().ToArray(), matrix.ToArray());

        var pipeline = new TextPipeline(tokenizer) { MaxLength = 6 };
        Tensor<int> input = pipeline.ToInput([.. SeedTexts, "the Himalaya is unknown"]);
        using Npz vectors = Npz.Open(Fixtures.Path("seeds", (string)test["vectors"]!));
        Assert.Equal(vectors["call0/in0"].Cast(DType.Int32).As<int>().ToArray(), input.ToArray());
        float[] output = model.Predict(input).As<float>().ToArray(), expected = vectors["call0/out0"].As<float>().ToArray();
        Assert.Equal(expected.Length, output.Length);
        Assert.All(expected.Zip(output), p => Assert.Equal(p.First, p.Second, 1e-6f));
    }

    [Fact]
    public void A_pipeline_comes_back_from_its_JSON()
    {
        var tokenizer = new Tokenizer(new TokenizerOptions { NumWords = 4, OovToken = "<\u00E9>", Generation = TokenizerGeneration.Keras21 });
        tokenizer.FitOnTexts(SeedTexts);
        var pipeline = new TextPipeline(tokenizer) { MaxLength = 3, Padding = PadSide.Post, Truncating = PadSide.Post, Value = 9, Labels = ["no", "yes"] };
        var back = TextPipeline.FromJson(pipeline.ToJson());
        Assert.Equal(pipeline.ToJson(), back.ToJson());
        Assert.Equal(tokenizer.ToJson(), back.Tokenizer.ToJson());
        Assert.Equal(TokenizerGeneration.Keras21, back.Tokenizer.Options.Generation);
        Assert.Equal([6, 1, 2, 6, 9, 9], back.ToInput("what this is about", "none").ToArray());
        Assert.Equal([("yes", 0.75), ("no", 0.875)], back.Classify(Tensor.From([0.75, 0.125], 2, 1)));
        Assert.Equal([("yes", 0.75)], back.Classify(Tensor.From([0.25, 0.75], 1, 2)));
        Assert.Throws<InvalidOperationException>(() => back.Classify(Tensor.From([0.25, 0.5, 0.25], 1, 3)));
    }

    [Theory]
    [InlineData("{\"class_name\": \"TextPipeline\"}", "tokenizer")]
    [InlineData("{\"class_name\": \"Pipe\"}", "class_name")]
    [InlineData("{\"class_name\": \"TextPipeline\", \"stem\": true}", "stem")]
    [InlineData("{\"class_name\": \"TextPipeline\", \"tokenizer\": {\"class_name\": \"Tokenizer\", \"config\": {\"word_index\": {}}}, \"padding\": \"left\"}", "padding")]
    public void What_is_no_pipeline_is_refused_by_place(string json, string place) =>
        Assert.Contains(place, Assert.Throws<ModelFormatException>(() => TextPipeline.FromJson(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void Tokenizer_files_are_told_by_their_content()
    {
        using var folder = new TemporaryFolder();
        string index = folder.File("index");
        File.WriteAllText(index, "{\"this\": 1, \"text\": 2}");
        Assert.Equal([[1, 2]], Tokenizer.Load(index).TextsToSequences(["This is a text"]));
        Assert.Equal([[1, 2, 3]], Tokenizer.Load(Fixtures.Path("pickles", "word_index_dict-protocol-2.pickle")).TextsToSequences(["the cat \u00E9t\u00E9"]));
        Assert.Equal(4, Tokenizer.Load(Fixtures.Path("pickles", "tokenizer-all-keras-2.2.4-protocol-0.pickle")).DocumentCount);
        Assert.Equal([1, 2, 3, 4], TextPipeline.Load(Fixtures.Path("seeds", "seeds-tokenizer-keras-2.15.0.json")).ToInput("This is a text").ToArray());
        Assert.Contains("labels_list", Assert.Throws<ModelFormatException>(() => Tokenizer.Load(Fixtures.Path("pickles", "labels_list-protocol-5.pickle"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("text with a first line")]
    [InlineData("binary")]
    [InlineData("binary with line feeds")]
    public void Word_vectors_are_read_in_every_form(string form)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("vectors");
        (string Word, float[] Vector)[] words = [("the", [0.5f, -1]), ("caf\u00E9", [1e-3f, 3]), (". .", [0, 2.25f])];
        words = form.StartsWith("binary", StringComparison.Ordinal) ? words[..2] : words;
        File.WriteAllBytes(path, [.. form switch
        {
            "text" => Encoding.UTF8.GetBytes(string.Concat(words.Select(w => $"{w.Word} {w.Vector[0]:r} {w.Vector[1]:r}\n"))),
            "text with a first line" => Encoding.UTF8.GetBytes($"{words.Length} 2\n" + string.Concat(words.Select(w => $"{w.Word} {w.Vector[0]:r} {w.Vector[1]:r} \n"))),
            _ => Encoding.UTF8.GetBytes($"{words.Length} 2\n").Concat(words.SelectMany(w => Binary(w.Word, w.Vector, form != "binary"))),
        }]);
        Assert.Equal(words.Select(w => (w.Word, w.Vector[0], w.Vector[1])), WordVectors.Read(path).Select(p => (p.Key, p.Value[0], p.Value[1])));

        byte[] whole = File.ReadAllBytes(path);
        File.WriteAllBytes(path, whole[..^3]);
        if (form.StartsWith("binary", StringComparison.Ordinal))
        {
            Assert.Throws<ModelFormatException>(() => WordVectors.Read(path).Count());
        }
    }

    [Theory]
    [InlineData("the 0.5 x\n", ":1")]
    [InlineData("the 0.5 1\na 1\n", ":2")]
    [InlineData("the\n", ":1")]
    [InlineData("5 -1\n", ":1")]
    public void Lines_that_are_no_vectors_are_refused_by_number(string text, string place)
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("vectors");
        File.WriteAllText(path, text);
        Assert.Contains(place, Assert.Throws<ModelFormatException>(() => WordVectors.Read(path).Count()).Message, StringComparison.Ordinal);
    }

    private static IEnumerable<byte> Binary(string word, float[] vector, bool lineFeed)
    {
        byte[] numbers = new byte[vector.Length * 4];
        for (int i = 0; i < vector.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(numbers.AsSpan(i * 4), vector[i]);
        }

        return [.. Encoding.UTF8.GetBytes(word + " "), .. numbers, .. lineFeed ? "\n"u8.ToArray() : []];
    }
}
