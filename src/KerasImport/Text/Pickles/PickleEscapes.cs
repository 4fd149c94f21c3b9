using System.Globalization;
using System.Text;

namespace KerasCompat.Text;

/// <summary>The text forms of protocol 0: Python's raw-unicode-escape, and the repr of a Python 2 string.</summary>
internal static class PickleEscapes
{
    /// <summary>Latin-1 in which <c>\uXXXX</c> and <c>\UXXXXXXXX</c> are code points and every other backslash is itself; null where it is malformed.</summary>
    public static string? RawUnicode(ReadOnlySpan<byte> line)
    {
        var text = new StringBuilder(line.Length);
        Span<char> units = stackalloc char[2];
        for (int i = 0; i < line.Length; i++)
        {
            int digits = line[i] == '\\' && i + 1 < line.Length ? line[i + 1] switch { (byte)'u' => 4, (byte)'U' => 8, _ => 0 } : 0;
            if (digits == 0)
            {
                text.Append((char)line[i]);
                continue;
            }

            if (i + 2 + digits > line.Length || !int.TryParse(line.Slice(i + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int c) || c is < 0 or > 0x10FFFF)
            {
                return null;
            }

            text.Append(units[..CodePoints.Write(c, units)]);
            i += 1 + digits;
        }

        return text.ToString();
    }

    /// <summary>The bytes of a quoted string with Python's escapes; null where it is malformed.</summary>
    public static byte[]? Quoted(ReadOnlySpan<byte> line)
    {
        if (line.Length < 2 || line[0] is not ((byte)'\'' or (byte)'"') || line[^1] != line[0])
        {
            return null;
        }

        var bytes = new List<byte>(line.Length);
        line = line[1..^1];
        for (int i = 0; i < line.Length; i++)
        {
            if (line[i] != '\\')
            {
                bytes.Add(line[i]);
                continue;
            }

            if (++i == line.Length)
            {
                return null;
            }

            switch (line[i])
            {
                case (byte)'\\' or (byte)'\'' or (byte)'"': bytes.Add(line[i]); break;
                case (byte)'n': bytes.Add((byte)'\n'); break;
                case (byte)'r': bytes.Add((byte)'\r'); break;
                case (byte)'t': bytes.Add((byte)'\t'); break;
                case (byte)'x' when i + 2 < line.Length && byte.TryParse(line.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte b):
                    bytes.Add(b);
                    i += 2;
                    break;
                default: return null;
            }
        }

        return [.. bytes];
    }
}
