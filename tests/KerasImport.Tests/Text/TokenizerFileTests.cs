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
