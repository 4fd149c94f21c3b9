using System.Globalization;

namespace KerasCompat.Text;

/// <summary>Which sigma a capital sigma becomes: the final one at the end of a word, the other elsewhere.</summary>
/// <remarks>
/// Python's <c>handle_capital_sigma</c>: final where a cased letter stands before it and none after it, characters that
/// are case-ignorable (marks, apostrophes, dots) not counted. Unicode 3.13, table 3-17.
/// </remarks>
internal static class FinalSigma
{
    public const char Capital = '\u03A3';
    public const char Small = '\u03C3';
    public const char Final = '\u03C2';

    /// <summary>Case-ignorable by the word-break property alone (MidLetter, MidNumLet, Single_Quote).</summary>
    private const string IgnorableMarks = "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    /// <summary>The small letter for the capital sigma at <paramref name="index"/>.</summary>
    public static char LowerAt(ReadOnlySpan<char> text, int index)
    {
        int before = index;
        while (before > 0)
        {
            int c = Before(text, ref before);
            if (!IsIgnorable(c))
            {
                return IsCased(c) && !CasedFollows(text, index + 1) ? Final : Small;
            }
        }

        return Small;
    }

    private static bool CasedFollows(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length)
        {
            int c = CodePoints.Next(text, ref at);
            if (!IsIgnorable(c))
            {
                return IsCased(c);
            }
        }

        return false;
    }

    private static int Before(ReadOnlySpan<char> text, ref int at)
    {
        at--;
        return at > 0 && char.IsSurrogatePair(text[at - 1], text[at]) ? char.ConvertToUtf32(text[--at], text[at + 1]) : text[at];
    }

    private static bool IsIgnorable(int c) => CharUnicodeInfo.GetUnicodeCategory(c) is
        UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format or
        UnicodeCategory.ModifierLetter or UnicodeCategory.ModifierSymbol
        || (c <= char.MaxValue && IgnorableMarks.Contains((char)c));

    /// <summary>Letters of either case, and what counts as one: ordinal indicators, Roman numerals, letters in circles and squares.</summary>
    private static bool IsCased(int c) => CharUnicodeInfo.GetUnicodeCategory(c) is
        UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter
        || c is 0xAA or 0xBA or (>= 0x2160 and <= 0x217F) or (>= 0x24B6 and <= 0x24E9)
            or (>= 0x1F130 and <= 0x1F149) or (>= 0x1F150 and <= 0x1F169) or (>= 0x1F170 and <= 0x1F189);
}
