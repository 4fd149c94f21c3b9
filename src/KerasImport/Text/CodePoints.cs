namespace KerasCompat.Text;

/// <summary>Text as Python sees it: code points. A surrogate without its other half counts as one.</summary>
internal static class CodePoints
{
    /// <summary>The code point at <paramref name="at"/>, which moves past it.</summary>
    public static int Next(ReadOnlySpan<char> text, ref int at)
    {
        char c = text[at++];
        return char.IsHighSurrogate(c) && at < text.Length && char.IsLowSurrogate(text[at]) ? char.ConvertToUtf32(c, text[at++]) : c;
    }

    /// <summary>Number of <see cref="char"/> of the code point at <paramref name="at"/>.</summary>
    public static int LengthAt(ReadOnlySpan<char> text, int at) =>
        char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;

    /// <summary>Writes a code point.</summary>
    /// <returns>Number of <see cref="char"/> written.</returns>
    public static int Write(int codePoint, Span<char> target)
    {
        if (codePoint <= char.MaxValue)
        {
            target[0] = (char)codePoint;
            return 1;
        }

        target[0] = (char)(0xD7C0 + (codePoint >> 10));
        target[1] = (char)(0xDC00 + (codePoint & 0x3FF));
        return 2;
    }
}
