using KerasCompat.Runtime;
using KerasCompat.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A tokenizer's JSON: its word index, and texts turned into padded sequences.</summary>
internal static class TokenizerCase
{
    public static CaseOutcome Run(FixtureCase test)
    {
        if (test.Tokenizer is null)
        {
            return new CaseOutcome(test.Name, false, "the case names neither a model nor a tokenizer");
        }

        var tokenizer = Tokenizer.FromJson(File.ReadAllText(test.Tokenizer));
        var expected = ((JObject)test["word_index"]!).Properties().Select(p => KeyValuePair.Create(p.Name, (int)p.Value));
        if (!tokenizer.WordIndex.SequenceEqual(expected))
        {
            return new CaseOutcome(test.Name, false, $"WRONG NUMBERS: word index {string.Join(", ", tokenizer.WordIndex)}; expected {test["word_index"]}");
        }

        int[][] rows = [.. test["padded"]!.Select(row => row.Select(i => (int)i).ToArray())];
        Tensor<int> padded = Sequences.PadSequences(tokenizer.TextsToSequences(test["texts"]!.Select(t => (string)t!)), rows[0].Length);
        bool same = padded.Shape[0] == rows.Length && padded.Span.SequenceEqual([.. rows.SelectMany(r => r)]);
        return new CaseOutcome(test.Name, same, same ? $"{padded.Shape} equal" : $"WRONG NUMBERS: {padded.ToNumpyString()}; expected {test["padded"]}");
    }
}
