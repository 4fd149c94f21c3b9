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

    /// <summary>The small letter for the capital sigma at <paramref name="index"/>.</summary>
    public static char LowerAt(ReadOnlySpan<char> text, int index)
    {
        int before = index;
        while (before > 0)
        {
            int c = Before(text, ref before);
            if (!CasedTable.IsIgnorable(c))
            {
                return CasedTable.IsCased(c) && !CasedFollows(text, index + 1) ? Final : Small;
            }
        }

        return Small;
    }

    private static bool CasedFollows(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length)
        {
            int c = CodePoints.Next(text, ref at);
            if (!CasedTable.IsIgnorable(c))
            {
                return CasedTable.IsCased(c);
            }
        }

        return false;
    }

    private static int Before(ReadOnlySpan<char> text, ref int at)
    {
        at--;
        return at > 0 && char.IsSurrogatePair(text[at - 1], text[at]) ? char.ConvertToUtf32(text[--at], text[at + 1]) : text[at];
    }
}
