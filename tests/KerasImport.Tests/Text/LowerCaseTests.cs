using System.Globalization;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

/// <summary>Over every code point, as three Pythons do it.</summary>
public class LowerCaseTests
{
    [Fact]
    public void Lower_case_is_that_of_Python()
    {
        int tables = 0;
        foreach (JObject line in Calls.Of("unicode").Where(l => (string)l["call"]! == "str.lower"))
        {
            int unicode = int.Parse(((string)line["note"]!).Split("Unicode ")[1].Split('.')[0], CultureInfo.InvariantCulture);
            var lower = line["result"]!.ToDictionary(r => (int)r[0]!, r => string.Concat(r.Skip(1).Select(c => char.ConvertFromUtf32((int)c))));
            for (int c = 0; c <= 0x10FFFF; c++)
            {
                if (c is < 0xD800 or > 0xDFFF)
                {
                    string text = char.ConvertFromUtf32(c);
                    Assert.Equal(lower.GetValueOrDefault(c, text), LowerCase.Of(text, unicode));
                }
            }

            tables++;
        }

        Assert.Equal(3, tables);
    }

    [Fact]
    public void The_sigma_at_the_end_of_a_word_is_final()
    {
        JObject line = Calls.Of("unicode").Last(l => (string)l["call"]! == "final sigma");
        HashSet<int> ends = Ranges(line["result"]!["lower of A c SIGMA ends in final sigma"]!);
        HashSet<int> follows = Ranges(line["result"]!["lower of A SIGMA c has final sigma"]!);
        var wrong = new List<string>();
        for (int c = 0; c <= 0x10FFFF; c++)
        {
            if (c is (>= 0xD800 and <= 0xDFFF) || c == FinalSigma.Capital)
            {
                continue;
            }

            string text = char.ConvertFromUtf32(c);
            if (ends.Contains(c) != (LowerCase.Of("A" + text + FinalSigma.Capital)[^1] == FinalSigma.Final)
                || follows.Contains(c) != (LowerCase.Of("A" + FinalSigma.Capital + text)[1] == FinalSigma.Final))
            {
                wrong.Add($"{c:X4}");
            }
        }

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("İSTANBUL IĞDIR", "i\u0307stanbul iğdir")]
    [InlineData("STRASSE Straße ẞ", "strasse straße ß")]
    [InlineData("ΟΔΥΣΣΕΥΣ ΣΑΣ. Α'Σ", "οδυσσευς σας. α'ς")]
    [InlineData("世界 \U0001F600 CAFE\u0301", "世界 \U0001F600 cafe\u0301")]
    public void Scripts_are_lowered_as_in_Python(string text, string lower) => Assert.Equal(lower, LowerCase.Of(text));

    private static HashSet<int> Ranges(JToken ranges) => [.. ranges.SelectMany(r => Enumerable.Range((int)r[0]!, (int)r[1]! - (int)r[0]! + 1))];
}
