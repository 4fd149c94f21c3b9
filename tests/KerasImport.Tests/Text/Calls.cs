using System.Text;
using KerasCompat.Testing;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Text.Tests;

/// <summary>The lines of a topic of suite <c>text</c>, and the values in them; <c>generate/text.py</c> describes both.</summary>
internal static class Calls
{
    public static IEnumerable<JObject> Of(string topic)
    {
        foreach (string line in File.ReadLines(Fixtures.Path("text", topic + ".jsonl")))
        {
            using var reader = new JsonTextReader(new StringReader(line)) { DateParseHandling = DateParseHandling.None };
            yield return JObject.Load(reader);
        }
    }

    /// <summary>Runs every line; a failed one is told with its beginning.</summary>
    /// <param name="topic">The file.</param>
    /// <param name="run">Checks a line; false where it says why it is left out.</param>
    /// <returns>Number of lines checked and left out.</returns>
    public static (int Checked, int LeftOut) Check(string topic, Func<JObject, bool> run)
    {
        var wrong = new List<string>();
        int passed = 0, left = 0;
        foreach (JObject line in Of(topic))
        {
            try
            {
                _ = run(line) ? passed++ : left++;
            }
            catch (Exception e)
            {
                string text = line.ToString(Formatting.None);
                wrong.Add($"{text[..Math.Min(text.Length, 300)]}\n  -> {e.GetType().Name}: {e.Message}");
            }
        }

        Assert.True(wrong.Count == 0, $"{wrong.Count} of {wrong.Count + passed} lines:\n{string.Join("\n", wrong.Take(10))}");
        return (passed, left);
    }

    public static bool IsKeras(this JObject line, string version) => line["keras"]!.Any(v => (string)v! == version);

    /// <summary>Text, also where it holds a lone surrogate.</summary>
    public static string Text(JToken token) => token is JObject { } o
        ? o["codepoints"]!.Aggregate(new StringBuilder(), (text, c) => (int)c > 0xFFFF ? text.Append(char.ConvertFromUtf32((int)c)) : text.Append((char)(int)c)).ToString()
        : (string)token!;

    public static double Number(JToken token) => token switch
    {
        JObject o => (string)o["float"]! switch { "inf" => double.PositiveInfinity, "-inf" => double.NegativeInfinity, _ => double.NaN },
        { Type: JTokenType.Boolean } => (bool)token ? 1 : 0,
        _ => (double)token,
    };

    public static IEnumerable<(JToken Key, JToken Value)> Pairs(JToken token) => token["pairs"]!.Select(p => (p[0]!, p[1]!));

    public static int[] Shape(JToken array) => [.. array["shape"]!.Select(d => (int)d)];

    public static int[][] Rows(JToken rows) => [.. rows.Select(row => row.Select(i => (int)i).ToArray())];

    /// <summary>float32 is written exactly, float64 to 12 digits.</summary>
    public static void Equal(JToken array, int[] shape, ReadOnlySpan<double> values)
    {
        Assert.Equal(Shape(array), shape);
        JArray data = (JArray)array["data"]!;
        Assert.Equal(data.Count, values.Length);
        for (int i = 0; i < data.Count; i++)
        {
            double want = Number(data[i]);
            bool single = (string)array["dtype"]! == "float32";
            Assert.True(want.Equals(values[i]) || (single && ((float)want).Equals((float)values[i])) || (!single && Math.Abs(want - values[i]) <= 1e-11 * Math.Max(1, Math.Abs(want))), $"[{i}]: {values[i]:r}; expected {want:r}");
        }
    }
}
