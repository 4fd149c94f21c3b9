using System.Runtime.CompilerServices;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

/// <summary>Scripts and characters that suite <c>text</c> does not have, against what Python made of them (<c>Python/held_out.py</c>).</summary>
public class HeldOutTests
{
    [Fact]
    public void Words_are_those_of_Python() => All("text_to_word_sequence", 300, line =>
    {
        JToken options = line["options"]!;
        return (line["result"]!.Values<string>(), Words.TextToWordSequence(
            (string)line["text"]!,
            (string?)options["filters"] ?? TokenizerOptions.DefaultFilters,
            (bool?)options["lower"] ?? true,
            (string?)options["split"] ?? " "));
    });

    [Fact]
    public void Hashes_are_those_of_Python() => All("hashing_trick", 25, line =>
        (line["result"]!.Values<long>(), Words.HashingTrick((string)line["text"]!, (long)line["n"]!)));

    /// <summary>A Tokenizer's counts, numbers and JSON; characters are code points.</summary>
    [Fact]
    public void Indices_are_those_of_Python()
    {
        All("Tokenizer", 4, line =>
        {
            var tokenizer = new Tokenizer(new TokenizerOptions { CharLevel = (bool)line["char_level"]!, OovToken = (string?)line["oov_token"] });
            tokenizer.FitOnTexts(line["texts"]!.Values<string>()!);
            JToken config = JObject.Parse(tokenizer.ToJson())["config"]!;
            Assert.Equal((string)line["word_counts"]!, (string)config["word_counts"]!);
            Assert.Equal((string)line["word_index"]!, (string)config["word_index"]!);
            Assert.Equal(line["word_docs"]!.ToObject<Dictionary<string, int>>(), tokenizer.WordDocs.ToDictionary());
            Assert.Equal(tokenizer.ToJson(), Tokenizer.FromJson(tokenizer.ToJson()).ToJson());
            return (line["result"]!.SelectMany(row => row.Values<int>()), tokenizer.TextsToSequences(line["asked"]!.Values<string>()!).SelectMany(row => row));
        });
    }

    private static void All<T>(string call, int least, Func<JObject, (IEnumerable<T?> Python, IEnumerable<T?> Here)> answer)
    {
        int calls = 0;
        foreach (JObject line in Lines().Where(l => (string)l["call"]! == call))
        {
            (IEnumerable<T?> python, IEnumerable<T?> here) = answer(line);
            Assert.Equal(python, here);
            calls++;
        }

        Assert.InRange(calls, least, int.MaxValue);
    }

    private static IEnumerable<JObject> Lines([CallerFilePath] string path = "") =>
        File.ReadLines(Path.Combine(Path.GetDirectoryName(path)!, "Python", "held-out.jsonl")).Select(line =>
        {
            using var reader = new JsonTextReader(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
            return JObject.Load(reader);
        });
}
