using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>A topic of suite <c>text</c>: a file of calls, each with what Keras answered.</summary>
internal static class TextTopic
{
    private const int QuotedLength = 300;

    /// <summary>Checks a call; a reason where it is left out.</summary>
    private static readonly Dictionary<string, Func<JObject, string, string?>> Topics = new()
    {
        ["words"] = (line, _) => WordsTopic.Words(line),
        ["hashing"] = (line, _) => WordsTopic.Hashing(line),
        ["tokenizer"] = (line, _) => TokenizerTopic.Lives(line),
        ["tokenizer-json"] = TokenizerTopic.Files,
        ["padding"] = (line, _) => SequenceTopics.Padding(line),
        ["skipgrams"] = (line, _) => SequenceTopics.SkipGrams(line),
        ["timeseries"] = (line, _) => SequenceTopics.Timeseries(line),
        ["numbers"] = (line, _) => SequenceTopics.Numbers(line),
        ["lookup"] = (line, _) => LayerTopics.Layers(line),
        ["vectorization"] = (line, _) => LayerTopics.Layers(line),
        ["categories"] = (line, _) => LayerTopics.Layers(line),
        ["hashes"] = (line, _) => LayerTopics.Hashes(line),
        ["unicode"] = (line, _) => UnicodeTopic.Run(line),
    };

    /// <summary>True where a case is such a topic.</summary>
    public static bool Concerns(FixtureCase test) => test.Model is null && test["calls"] is not null && Topics.ContainsKey(test.Name);

    public static CaseOutcome Run(FixtureCase test, CancellationToken cancellation)
    {
        Func<JObject, string, string?> check = Topics[test.Name];
        int same = 0;
        var wrong = new List<string>();
        var left = new Dictionary<string, int>();
        foreach (JObject line in TextCalls.Read(test.Vectors!))
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                if (check(line, Path.GetDirectoryName(test.Vectors!)!) is { } reason)
                {
                    left[reason] = left.GetValueOrDefault(reason) + 1;
                }
                else
                {
                    same++;
                }
            }
            catch (Exception e)
            {
                string text = line.ToString(Formatting.None);
                wrong.Add($"{text[..Math.Min(text.Length, QuotedLength)]}: {e.GetType().Name}: {e.Message}");
            }
        }

        int calls = same + wrong.Count + left.Values.Sum();
        string others = left.Count == 0 ? string.Empty : $", {left.Values.Sum()} left out: {string.Join("; ", left.Select(l => $"{l.Value} ({l.Key})"))}";
        return wrong.Count > 0 ? new CaseOutcome(test.Name, false, $"WRONG: {wrong.Count} of {calls} calls: {string.Join("\n    ", wrong.Take(5))}")
            : calls != (int)test["calls"]! ? new CaseOutcome(test.Name, false, $"{calls} calls; expected {test["calls"]}")
            : new CaseOutcome(test.Name, same > 0, $"{same} calls equal{others}");
    }
}
