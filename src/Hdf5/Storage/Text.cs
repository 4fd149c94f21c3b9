using System.Text;

namespace KerasCompat.Hdf5;

/// <summary>Bytes as text: names and strings are ASCII or UTF-8.</summary>
internal static class Text
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A name of a link, an attribute or a member.</summary>
    public static string Name(ReadOnlySpan<byte> bytes, Place place)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw place.Damaged($"the name {Printable(bytes)}, which is not UTF-8", inner: e);
        }
    }

    /// <summary>A value.</summary>
    public static string Value(ReadOnlySpan<byte> bytes, Place place)
    {
        try
        {
            return Strict.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw place.Damaged("text that is not UTF-8", "ASCII or UTF-8", "read its bytes instead", e);
        }
    }

    /// <summary>For messages: a noun with its article.</summary>
    public static string WithArticle(string noun) => ("aeiou".Contains(noun[0]) ? "an " : "a ") + noun;

    /// <summary>For messages: what is not printable ASCII as a dot.</summary>
    public static string Printable(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (var b in bytes[..Math.Min(bytes.Length, 80)])
        {
            text.Append(b is >= 0x20 and < 0x7F ? (char)b : '.');
        }

        return text.ToString();
    }
}
