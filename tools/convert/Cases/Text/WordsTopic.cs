using KerasCompat.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>Topics <c>words</c> and <c>hashing</c>: single texts.</summary>
internal static class WordsTopic
{
    public static string? Words(JObject line)
    {
        JToken args = line["args"]!;
        if (args["filters"] is JArray && line.IsKeras("1.2.2") && line["raises"] is not null)
        {
            return "Keras 1 refuses a list of characters; here filters are text";
        }

        string filters = args["filters"] is { } f ? string.Concat(f is JArray list ? list.Select(TextCalls.Text) : [TextCalls.Text(f)]) : TokenizerOptions.DefaultFilters;
        string[] Split() => Text.Words.TextToWordSequence(
            TextCalls.Text(args["text"]!),
            filters,
            (bool?)args["lower"] ?? true,
            (string?)args["split"] ?? " ",
            line["keras"]!.All(v => (string)v! == "1.2.2") ? TokenizerGeneration.Keras1 : TokenizerGeneration.Current);
        if (line["raises"] is not null)
        {
            Check.Refused(Split, typeof(ArgumentException));
        }
        else
        {
            Check.Sequence(line["result"]!.Select(TextCalls.Text), Split());
        }

        return null;
    }

    public static string? Hashing(JObject line)
    {
        JToken args = line["args"]!;
        switch ((string)line["call"]!)
        {
            case "hash":
                return "Python's own hash, which no two processes share";
            case "one_hot":
                Check.Refused(() => Text.Words.OneHot(TextCalls.Text(args["text"]!), (long)args["n"]!), typeof(NotSupportedException));
                return null;
        }

        var options = new TokenizerOptions
        {
            Filters = (string?)args["filters"] ?? TokenizerOptions.DefaultFilters,
            Lower = (bool?)args["lower"] ?? true,
            Split = (string?)args["split"] ?? " ",
        };
        long[] Hash() => Text.Words.HashingTrick(TextCalls.Text(args["text"]!), (long)args["n"]!, options);
        if (line["raises"] is not null)
        {
            Check.Refused(Hash, typeof(ArgumentException));
        }
        else
        {
            Check.Sequence(line["result"]!.Select(i => (long)i), Hash());
        }

        return null;
    }
}
