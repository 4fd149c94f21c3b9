using KerasCompat.Testing;

namespace KerasCompat.Text.Tests;

public class TokenizerFileTests
{
    [Theory]
    [InlineData("{}", "class_name")]
    [InlineData("{\"class_name\":\"Tokenizer\"}", "config")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{}}", "word_index")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{\\\"a\\\": 1.5}\"}}", "\"a\"")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{\"}}", "word_index")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{}\",\"stemmer\":1}}", "stemmer")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{}\",\"lower\":\"yes\"}}", "lower")]
    [InlineData("{\"class_name\":\"Tokenizer\",\"config\":{\"word_index\":\"{}\",\"index_word\":{\"one\":\"a\"}}}", "\"one\"")]
    [InlineData("not json", "tokenizer")]
    public void What_is_no_tokenizer_is_refused_by_place(string json, string place) =>
        Assert.Contains(place, Assert.Throws<ModelFormatException>(() => Tokenizer.FromJson(json)).Message);

    /// <summary>What Python's <c>json.dumps</c> makes of words that are halves of surrogate pairs; whole pairs and backslashes before a u stay what they are.</summary>
    [Fact]
    public void Words_may_be_halves_of_surrogate_pairs()
    {
        var tokenizer = new Tokenizer(new TokenizerOptions { CharLevel = true, OovToken = "\udfff" });
        tokenizer.FitOnTexts(["\ud83d!", "\ude00", "😀", "\\ud83d", "\udc00\ud800"]);
        string json = tokenizer.ToJson();
        Assert.Contains(@"\\ud83d\\ude00", json);
        Tokenizer read = Tokenizer.FromJson(json);
        Assert.Equal(tokenizer.WordIndex, read.WordIndex);
        Assert.Equal("\udfff", read.Options.OovToken);
        Assert.Equal(json, read.ToJson());
        Assert.Equal(["\ud83d"], WordIndex.FromJson(@"{""\ud83d"": 1}").Keys);
        Assert.Equal(["\ud83d\ud83d\ude00", "\\ud83d"], WordIndex.FromJson(@"{""\ud83d\ud83d\ude00"": 1, ""\\ud83d"": 2}").Keys);
    }

    [Fact]
    public void A_negative_number_of_words_makes_no_matrix()
    {
        var tokenizer = new Tokenizer(new TokenizerOptions { NumWords = -1 });
        tokenizer.FitOnTexts(["a b"]);
        Assert.Empty(tokenizer.TextsToSequences(["a b"])[0]);
        Assert.Contains("-1", Assert.Throws<InvalidOperationException>(() => tokenizer.TextsToMatrix(["a"])).Message);
    }

    /// <summary>A file that is too long is not read first and refused then.</summary>
    [Fact]
    public void A_long_file_is_refused_by_its_length()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("tokenizer.json");
        using (FileStream sparse = File.OpenWrite(path))
        {
            sparse.SetLength(3L << 30);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ResourceLimitException>(() => Tokenizer.Load(path));
        Assert.Throws<ResourceLimitException>(() => TextPipeline.Load(path));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }
}
