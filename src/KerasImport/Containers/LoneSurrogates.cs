using System.Globalization;
using System.Text;

namespace KerasCompat.Containers;

/// <summary>Halves of surrogate pairs in JSON: Python keeps them as they are, the parser would make each a replacement character.</summary>
internal static class LoneSurrogates
{
    private const int EscapeLength = 6; // \uXXXX

    /// <summary>The text with lone surrogates themselves in place of their escapes; all else is as it was.</summary>
    public static string Unescape(string json)
    {
        if (!json.Contains("\\ud", StringComparison.OrdinalIgnoreCase))
        {
            return json;
        }

        var text = new StringBuilder(json.Length);
        int done = 0;
        for (int at = json.IndexOf('\\'); at >= 0 && at < json.Length; at = json.IndexOf('\\', at))
        {
            if (Unit(json, at) is not { } unit)
            {
                at = Math.Min(at + 2, json.Length); // another escape, perhaps of a backslash
            }
            else if (char.IsHighSurrogate(unit) && Unit(json, at + EscapeLength) is { } next && char.IsLowSurrogate(next))
            {
                at += 2 * EscapeLength;
            }
            else
            {
                if (char.IsSurrogate(unit))
                {
                    text.Append(json, done, at - done).Append(unit);
                    done = at + EscapeLength;
                }

                at += EscapeLength;
            }
        }

        return done == 0 ? json : text.Append(json, done, json.Length - done).ToString();
    }

    /// <summary>The UTF-16 unit of the escape that begins at a place; null where none does.</summary>
    private static char? Unit(string json, int at) =>
        at + EscapeLength <= json.Length && json[at] == '\\' && json[at + 1] == 'u'
        && ushort.TryParse(json.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
            ? (char)unit
            : null;
}
