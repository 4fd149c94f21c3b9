using KerasCompat.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A pickle: a Tokenizer that converts texts as it did in Python, plain data, or something that must be refused by name.</summary>
internal static class PickleCase
{
    public static CaseOutcome Run(FixtureCase test)
    {
        object? value;
        try
        {
            value = Pickle.Read(File.ReadAllBytes(test.Pickle!), test.Pickle!);
        }
        catch (UnsupportedModelException e) when (test.Expect == "refuse")
        {
            // The note is the name, and perhaps a remark.
            return new CaseOutcome(test.Name, e.Message.Contains(test.Note!.Split(' ')[0], StringComparison.Ordinal), e.Message, nameof(UnsupportedModelException));
        }

        JObject holds = JObject.Parse(File.ReadAllText(test.Holds!));
        if (test.Expect == "refuse" || value is not Tokenizer tokenizer)
        {
            bool plain = test.Expect == "same" && holds["value"] is not null;
            return new CaseOutcome(test.Name, plain, plain ? "plain data" : $"read as {value}; expected a refusal that names: {test.Note}");
        }

        int[][] expected = [.. holds["sequences"]!.Select(row => row.Select(i => (int)i).ToArray())];
        int[][] sequences = tokenizer.TextsToSequences(holds["texts"]!.Select(t => (string)t!));
        bool same = sequences.Length == expected.Length && sequences.Zip(expected).All(p => p.First.SequenceEqual(p.Second));
        return new CaseOutcome(test.Name, same, same ? $"{sequences.Length} texts equal" : $"WRONG NUMBERS: expected {holds["sequences"]!.ToString(Newtonsoft.Json.Formatting.None)}");
    }
}
