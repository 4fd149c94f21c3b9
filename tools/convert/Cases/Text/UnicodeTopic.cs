using System.Globalization;
using KerasCompat.Runtime;
using KerasCompat.Runtime.Cpu;
using KerasCompat.Text;
using Newtonsoft.Json.Linq;

namespace KerasCompat.Convert.Cases;

/// <summary>Topic <c>unicode</c>: what three Pythons and TensorFlow do to every code point.</summary>
internal static class UnicodeTopic
{
    private const char CapitalSigma = '\u03A3', FinalSigma = '\u03C2';

    public static string? Run(JObject line)
    {
        switch ((string)line["call"]!)
        {
            case "str.lower":
                LowerCases(line);
                return null;
            case "final sigma":
                return line.IsKeras("3.15.1") ? Sigmas(line) : "the rule is that of Python 3.11; older tables of cased letters are not kept";
            case "TextVectorization standardize":
                Standardized(line);
                return null;
            case "TextVectorization split":
                Separators(line);
                return null;
            default:
                return "texts here are Unicode: bytes that are no UTF-8 cannot be given";
        }
    }

    private static void LowerCases(JObject line)
    {
        int unicode = int.Parse(((string)line["note"]!).Split("Unicode ")[1].Split('.')[0], CultureInfo.InvariantCulture);
        var lower = line["result"]!.ToDictionary(r => (int)r[0]!, r => string.Concat(r.Skip(1).Select(c => char.ConvertFromUtf32((int)c))));
        foreach (int c in CodePoints())
        {
            string text = char.ConvertFromUtf32(c);
            Check.That(lower.GetValueOrDefault(c, text) == LowerCase.Of(text, unicode), $"U+{c:X4} becomes {LowerCase.Of(text, unicode)}");
        }
    }

    private static string? Sigmas(JObject line)
    {
        HashSet<int> ends = Ranges(line["result"]!["lower of A c SIGMA ends in final sigma"]!);
        HashSet<int> follows = Ranges(line["result"]!["lower of A SIGMA c has final sigma"]!);
        foreach (int c in CodePoints().Where(c => c != CapitalSigma))
        {
            string text = char.ConvertFromUtf32(c);
            Check.That(ends.Contains(c) == (LowerCase.Of("A" + text + CapitalSigma)[^1] == FinalSigma), $"the sigma after A and U+{c:X4}");
            Check.That(follows.Contains(c) == (LowerCase.Of("A" + CapitalSigma + text)[1] == FinalSigma), $"the sigma before U+{c:X4}");
        }

        return null;
    }

    private static void Standardized(JObject line)
    {
        string how = (string)line["args"]!["standardize"]!;
        string[] texts = Bmp();
        string[] done = Run(texts, (g, x) => g.StandardizeText(x, how.StartsWith("lower", StringComparison.Ordinal), how.EndsWith("punctuation", StringComparison.Ordinal)));
        HashSet<int> stripped = [.. line["stripped"]!.Select(c => (int)c)];
        var changed = line["changed"]!.ToDictionary(r => (int)r[0]!, r => (int)r[1]!);
        Check.Sequence(texts.Select(t => stripped.Contains(t[1]) ? "ab" : $"a{(char)changed.GetValueOrDefault(t[1], t[1])}b"), done);
    }

    private static void Separators(JObject line)
    {
        string[] texts = Bmp();
        string[] pieces = Run(texts, (g, x) => g.SplitText(x, TextSplitMode.Whitespace, [], 2));
        Check.Sequence(
            line["separators"]!.Select(c => (int)c),
            texts.Select((t, i) => (Char: (int)t[1], Split: pieces[(2 * i) + 1].Length > 0)).Where(p => p.Split).Select(p => p.Char));
    }

    private static IEnumerable<int> CodePoints() => Enumerable.Range(0, 0x110000).Where(c => c is < 0xD800 or > 0xDFFF);

    private static string[] Bmp() => [.. Enumerable.Range(0, 0x10000).Where(c => c is < 0xD800 or > 0xDFFF).Select(c => $"a{(char)c}b")];

    private static string[] Run(string[] texts, Func<GraphBuilder, Value, Value> build)
    {
        var g = new GraphBuilder();
        Value x = g.Input("x", DType.String, new SymbolicShape([Dim.Symbol("batch")]));
        return new CpuExecutable(g.Build([x], [build(g, x)])).Run([new Tensor<string>(texts, new Shape([texts.Length]))])[0].As<string>().ToArray();
    }

    private static HashSet<int> Ranges(JToken ranges) => [.. ranges.SelectMany(r => Enumerable.Range((int)r[0]!, (int)r[1]! - (int)r[0]! + 1))];
}
