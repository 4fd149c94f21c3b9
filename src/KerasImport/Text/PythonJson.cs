using System.Globalization;
using System.Text;

namespace KerasCompat.Text;

/// <summary>JSON as Python's <c>json.dumps</c> writes it: a space after commas and colons, everything beyond ASCII escaped.</summary>
internal static class PythonJson
{
    public static string Text(string value)
    {
        var text = new StringBuilder(value.Length + 2);
        Append(text, value);
        return text.ToString();
    }

    /// <summary>An object of numbers.</summary>
    public static string Object(IEnumerable<KeyValuePair<string, int>> pairs) => Object(pairs.Select(p => (p.Key, p.Value.ToString(CultureInfo.InvariantCulture))));

    /// <summary>An object whose values are JSON already.</summary>
    public static string Object(IEnumerable<(string Key, string Json)> pairs)
    {
        var text = new StringBuilder("{");
        foreach ((string key, string json) in pairs)
        {
            if (text.Length > 1)
            {
                text.Append(", ");
            }

            Append(text, key);
            text.Append(": ").Append(json);
        }

        return text.Append('}').ToString();
    }

    private static void Append(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                '\b' => text.Append("\\b"),
                '\f' => text.Append("\\f"),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }

        text.Append('"');
    }
}
