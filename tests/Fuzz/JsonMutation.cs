using System.Text;
using System.Text.RegularExpressions;

namespace KerasCompat.Fuzz;

/// <summary>Changes JSON by its tokens, so that most results are JSON still.</summary>
internal static partial class JsonMutation
{
    private static readonly string[] Values =
    [
        "0", "-1", "1", "2147483647", "2147483648", "4294967296", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "1e308", "1e999", "-0.0", "0.5",
        "NaN", "Infinity", "-Infinity", "null", "true", "false", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"..\"", "\"/etc/passwd\"", "[]", "{}", "[[]]", "[null]", "[0,0,0]", "\"Dense\"", "\"linear\"", "\"float16\"", "\"string\"",
    ];

    public static byte[] Of(byte[] original, Random random)
    {
        string text = Encoding.UTF8.GetString(original);
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            text = Changed(text, random);
        }

        return Encoding.UTF8.GetBytes(text);
    }

    private static string Changed(string text, Random random)
    {
        // Tokens are looked for from anywhere on, lest every change costs a walk through all.
        Match token = Token().Match(text, random.Next(text.Length + 1));
        if (!token.Success)
        {
            return text;
        }

        (string before, string after) = (text[..token.Index], text[(token.Index + token.Length)..]);
        Match other = Token().Match(text, random.Next(text.Length + 1));
        return random.Next(12) switch
        {
            0 => before + after,
            1 => before + token.Value + token.Value + after,
            2 when other.Success => before + other.Value + after,
            3 => before + Deep(random) + after,
            4 => before + "{\"class_name\": \"Dense\", \"config\": " + token.Value + "}" + after,
            5 => before + "[" + token.Value + "]" + after,
            6 when token.Value.StartsWith('"') => before + "\"" + new string('x', 1 << random.Next(16)) + "\"" + after,
            7 when other.Success && other.Index > token.Index => before + text[token.Index..other.Index] + text[token.Index..],
            _ => before + Values[random.Next(Values.Length)] + after,
        };
    }

    private static string Deep(Random random)
    {
        int depth = 1 << random.Next(1, 18);
        return random.Next(2) == 0
            ? new string('[', depth) + new string(']', depth)
            : string.Concat(Enumerable.Repeat("{\"config\":", depth)) + "1" + new string('}', depth);
    }

    [GeneratedRegex("""-?[0-9][0-9.eE+-]*|"(?:[^"\\]|\\.)*"|true|false|null""")]
    private static partial Regex Token();
}
