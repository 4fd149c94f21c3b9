using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

public class WordsTests
{
    [Fact]
    public void Words_are_those_of_Keras()
    {
        (int count, int left) = Calls.Check("words", line =>
        {
            JToken args = line["args"]!;
            if (args["filters"] is JArray && line.IsKeras("1.2.2") && line["raises"] is not null)
            {
                return false; // Keras 1 refuses a list of characters; here filters are text
            }

            string filters = args["filters"] is { } f ? string.Concat(f is JArray list ? list.Select(Calls.Text) : [Calls.Text(f)]) : TokenizerOptions.DefaultFilters;
            string[] Split() => Words.TextToWordSequence(
                Calls.Text(args["text"]!),
                filters,
                (bool?)args["lower"] ?? true,
                (string?)args["split"] ?? " ",
                line["keras"]!.All(v => (string)v! == "1.2.2") ? TokenizerGeneration.Keras1 : TokenizerGeneration.Current);
            if (line["raises"] is not null)
            {
                Assert.Throws<ArgumentException>(Split);
            }
            else
            {
                Assert.Equal(line["result"]!.Select(Calls.Text), Split());
            }

            return true;
        });
        Assert.Equal((283, 0), (count + left, Math.Max(0, left - 40)));
    }

    [Fact]
    public void Md5_indices_are_those_of_Keras()
    {
        (int count, int left) = Calls.Check("hashing", line =>
        {
            JToken args = line["args"]!;
            switch ((string)line["call"]!)
            {
                case "hash":
                    return false; // Python's own hash: nothing here computes it
                case "one_hot":
                    Assert.Throws<NotSupportedException>(() => Words.OneHot(Calls.Text(args["text"]!), (long)args["n"]!));
                    return true;
            }

            var options = new TokenizerOptions
            {
                Filters = (string?)args["filters"] ?? TokenizerOptions.DefaultFilters,
                Lower = (bool?)args["lower"] ?? true,
                Split = (string?)args["split"] ?? " ",
            };
            long[] Hash() => Words.HashingTrick(Calls.Text(args["text"]!), (long)args["n"]!, options);
            if (line["raises"] is not null)
            {
                Assert.Throws<ArgumentException>(Hash);
            }
            else
            {
                Assert.Equal(line["result"]!.Select(i => (long)i), Hash());
            }

            return true;
        });
        Assert.Equal(180, count + left);
        Assert.True(count >= 140, $"{count} checked");
    }
}
